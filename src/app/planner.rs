//! Makes the configured planner.

use std::{sync::Arc, time::Duration};

use crate::{
    clock::Clock,
    config::{self, Config, LlmProvider, PlannerKind},
    http::{Client, Options},
    model::plan::Plan,
    planner::{
        Brief, Planner,
        llm::{
            Instructions, Llm, Settings, Told,
            budget::{FolderBudget, Limits},
            model::HttpModel,
            protocol::Provider,
            replies::FolderReplies,
            usage::Prices,
        },
        offline::Offline,
    },
    templates::Packs,
};

/// The wait before a question is sent again the first time.
const BACKOFF: Duration = Duration::from_secs(2);

/// The longest wait between two tries; never more than a quarter of the plan's time.
const PATIENCE: Duration = Duration::from_secs(60);

/// The configured planner. Touches no network.
pub fn planner(config: &Config, packs: &Arc<Packs>, clock: &Arc<dyn Clock>) -> Arc<dyn Planner> {
    match (&config.planner.kind, &config.planner.llm) {
        (PlannerKind::Llm, Some(llm)) => Arc::new(model_planner(config, llm, packs, clock)),
        _ => Arc::new(Offline),
    }
}

fn model_planner(config: &Config, llm: &config::Llm, packs: &Arc<Packs>, clock: &Arc<dyn Clock>) -> Llm {
    let provider = provider(llm.provider);
    let base = llm.base_url.as_deref().or(provider.usual_base()).unwrap_or_default();
    let base = base.trim_end_matches('/').to_owned();
    let options = Options {
        connect_timeout: Duration::from_secs(10).min(Duration::from_secs(llm.timeout_secs)),
        deadline: Duration::from_secs(llm.timeout_secs),
        is_direct: base.starts_with("http://"),
    };
    let model = HttpModel {
        client: Client::new(options),
        provider,
        base,
        key: llm.api_key.as_ref().map(config::Secret::to_secret_string),
        model: llm.model.clone(),
        retries: llm.retries,
        backoff: BACKOFF,
        patience: PATIENCE.min(Duration::from_secs(llm.plan_timeout_secs) / 4),
    };
    let budget = &llm.budget;
    let limits = Limits { plans_per_day: budget.plans_per_day, plans_per_repository: budget.plans_per_repository };
    Llm {
        model: Arc::new(model),
        replies: Arc::new(FolderReplies::new(config.cache.dir.join("replies"))),
        budget: Arc::new(FolderBudget::new(config.cache.dir.join("budget"), limits)),
        instructions: Arc::new(PackInstructions {
            packs: Arc::clone(packs),
            default: config.planner.default_template.clone(),
        }),
        clock: Arc::clone(clock),
        settings: Settings {
            context_tokens: llm.context_tokens,
            output_tokens: llm.output_tokens,
            tokens_per_plan: if budget.tokens_per_plan == 0 { u64::MAX } else { budget.tokens_per_plan },
            deadline: Duration::from_secs(llm.plan_timeout_secs),
            prices: llm.prices.as_ref().map(|prices| Prices { input: prices.input, output: prices.output }),
            replay_only: llm.replay_only,
        },
    }
}

/// The provider of a word of the configuration.
fn provider(word: LlmProvider) -> Provider {
    match word {
        LlmProvider::Anthropic => Provider::Anthropic,
        LlmProvider::OpenAi => Provider::OpenAi,
        LlmProvider::AzureOpenAi => Provider::AzureOpenAi,
        LlmProvider::OpenAiCompatible => Provider::OpenAiCompatible,
        LlmProvider::Ollama => Provider::Ollama,
    }
}

/// What the chosen pack tells a model.
pub struct PackInstructions {
    pub packs: Arc<Packs>,
    /// The pack when nothing else chooses one.
    pub default: String,
}

impl Instructions for PackInstructions {
    fn of(&self, brief: Brief<'_>, plan: &Plan) -> Result<Told, String> {
        let packs = self.packs.of(brief.contexts);
        let pack = packs.choose(brief.ticket, brief.options, &self.default).map_err(|error| error.to_string())?;
        let instructions = packs.prompt(&pack.name, plan, brief.ticket).map_err(|error| error.to_string())?;
        let extra = pack.sections.iter().map(|section| (section.title.clone(), section.question.clone()));
        Ok(Told { instructions, extra: extra.collect() })
    }
}
