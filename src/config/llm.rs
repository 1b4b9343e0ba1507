//! `[planner.llm]`: the language model, its limits and what may be spent on it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    Planner, PlannerKind, Problem, Secret,
    check::{require, web_address},
    words::words,
};

words! {
    /// Whose protocol the model's server speaks.
    LlmProvider {
        /// Anthropic's Messages.
        Anthropic = "anthropic",
        /// OpenAI itself.
        OpenAi = "openai",
        /// OpenAI's models at Azure.
        AzureOpenAi = "azure_openai",
        /// Everything else that speaks OpenAI's protocol: vLLM, LM Studio, gateways.
        OpenAiCompatible = "openai_compatible",
        /// Ollama.
        Ollama = "ollama",
    }
}

/// The language model of the planner kind "llm".
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Llm {
    /// Whose protocol the model's server speaks.
    pub provider: LlmProvider,
    /// The model's name; at Azure the deployment's.
    pub model: String,
    /// Where the interface is; known for Anthropic, OpenAI and a local Ollama.
    #[serde(default)]
    pub base_url: Option<String>,
    /// The key; a server on this machine may need none.
    #[serde(default)]
    pub api_key: Option<Secret>,
    /// How many tokens of repository text each question holds.
    #[serde(default = "context_tokens")]
    pub context_tokens: u32,
    /// The longest answer to one question, in tokens.
    #[serde(default = "output_tokens")]
    pub output_tokens: u32,
    /// A question is given up after this long, in seconds.
    #[serde(default = "timeout_secs")]
    pub timeout_secs: u64,
    /// A plan is given up after this long, in seconds.
    #[serde(default = "plan_timeout_secs")]
    pub plan_timeout_secs: u64,
    /// How often a question is sent again when the service fails or asks to wait.
    #[serde(default = "retries")]
    pub retries: u32,
    /// Only stored replies are used: the model is never asked.
    #[serde(default)]
    pub replay_only: bool,
    /// What may be spent.
    #[serde(default)]
    pub budget: LlmBudget,
    /// What the provider charges; absent for no cost shown.
    #[serde(default)]
    pub prices: Option<LlmPrices>,
}

/// What may be spent; 0 means without limit.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LlmBudget {
    /// Tokens of one plan, questions and answers.
    pub tokens_per_plan: u64,
    /// Plans a day.
    pub plans_per_day: u32,
    /// Plans a day for one repository.
    pub plans_per_repository: u32,
}

impl Default for LlmBudget {
    fn default() -> Self {
        Self { tokens_per_plan: 160_000, plans_per_day: 200, plans_per_repository: 0 }
    }
}

/// What the provider charges for a million tokens, in its currency.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LlmPrices {
    /// For tokens that the model reads.
    pub input: f64,
    /// For tokens that the model writes.
    pub output: f64,
}

fn context_tokens() -> u32 {
    8_000
}

fn output_tokens() -> u32 {
    8_000
}

fn timeout_secs() -> u64 {
    120
}

fn plan_timeout_secs() -> u64 {
    420
}

fn retries() -> u32 {
    3
}

/// The longest that a plan may take: the worker's attempt at a job ends after 600 s, with reading and posting in it.
const LONGEST_PLAN_SECS: u64 = 540;

/// Reports what is wrong in `[planner]` about the model.
pub(super) fn check(planner: &Planner, problems: &mut Vec<Problem>) {
    let Some(llm) = &planner.llm else {
        let needed = planner.kind == PlannerKind::Llm;
        require(!needed, "planner.llm", "is missing: the kind \"llm\" needs a provider and a model", problems);
        return;
    };
    let provider = llm.provider;
    require(!llm.model.trim().is_empty(), "planner.llm.model", "is blank", problems);
    match &llm.base_url {
        Some(address) => {
            web_address("planner.llm.base_url", address, true, problems);
        }
        None => {
            let known = !matches!(provider, LlmProvider::AzureOpenAi | LlmProvider::OpenAiCompatible);
            require(known, "planner.llm.base_url", "is missing: where is the server?", problems);
        }
    }
    let needs_key = matches!(provider, LlmProvider::Anthropic | LlmProvider::OpenAi | LlmProvider::AzureOpenAi);
    let has_key = llm.api_key.is_some() || llm.replay_only;
    require(!needs_key || has_key, "planner.llm.api_key", "is missing", problems);
    let key = llm.api_key.as_ref().map_or("", Secret::expose);
    let printable = key.bytes().all(|b| b.is_ascii_graphic());
    let message = "must hold printable ASCII characters without spaces only";
    require(printable, "planner.llm.api_key", message, problems);
    require(llm.context_tokens >= 1_000, "planner.llm.context_tokens", "must be at least 1000", problems);
    require(llm.output_tokens >= 500, "planner.llm.output_tokens", "must be at least 500", problems);
    require(llm.timeout_secs > 0, "planner.llm.timeout_secs", "must be at least 1", problems);
    let plan = llm.plan_timeout_secs;
    let fits = (llm.timeout_secs..=LONGEST_PLAN_SECS).contains(&plan);
    require(fits, "planner.llm.plan_timeout_secs", "must be at least timeout_secs and at most 540", problems);
    require(llm.retries <= 10, "planner.llm.retries", "must be at most 10", problems);
    let least = u64::from(llm.context_tokens) + u64::from(llm.output_tokens);
    let tokens = llm.budget.tokens_per_plan;
    let message = "must be 0 or more than context_tokens and output_tokens together";
    require(tokens == 0 || tokens > least, "planner.llm.budget.tokens_per_plan", message, problems);
    for (name, price) in llm.prices.iter().flat_map(|p| [("input", p.input), ("output", p.output)]) {
        let sound = price.is_finite() && price >= 0.0;
        require(sound, &format!("planner.llm.prices.{name}"), "must be a number that is not negative", problems);
    }
}
