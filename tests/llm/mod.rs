//! Tests of `planner::llm` against the sandbox's model server.

mod bot;
mod budgets;
mod injection;
mod misdeeds;
mod packing;
mod protocols;
mod replay;
mod settings;

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use planwright::{
    app::planner::PackInstructions,
    clock::Clock,
    http::{Client, Options},
    model::{context::*, job::PlanOptions, plan::*, ticket::Ticket},
    planner::{
        Brief, Planner,
        llm::{
            Llm, Settings,
            budget::{FolderBudget, Limits},
            model::HttpModel,
            protocol::Provider,
            replies::FolderReplies,
            usage::Prices,
        },
        offline,
        verify::verify,
    },
    sandbox::model::ModelServer,
    templates::Packs,
};
use secrecy::SecretString;
use tempfile::TempDir;
use uuid::Uuid;

use crate::planner::world::*;

/// The key that the bot has. It must be seen by the server and nowhere else.
const KEY: &str = "sk-c4n4ry-0123456789";
const DAY: &str = "2026-11-20";

/// Compiled once.
static PACKS: LazyLock<Arc<Packs>> = LazyLock::new(|| Arc::new(Packs::builtin()));

/// Stands still; its ids differ from each other and from run to run.
struct Ids(AtomicU64);

impl Clock for Ids {
    fn now_ms(&self) -> i64 {
        1_795_000_000_000
    }

    fn new_id(&self) -> Uuid {
        Uuid::from_u128(0xfeed_0000_0000_0000 + u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }
}

/// A model server, and a folder for replies and budgets.
struct Desk {
    server: ModelServer,
    folder: TempDir,
    clock: Arc<Ids>,
}

impl Desk {
    async fn start() -> Self {
        let server = ModelServer::start().await.expect("loopback has a free port");
        Self { server, folder: TempDir::new().expect("a folder"), clock: Arc::new(Ids(AtomicU64::new(1))) }
    }

    /// How the provider is reached: at once, with one retry.
    fn model(&self, provider: Provider) -> HttpModel {
        let options =
            Options { connect_timeout: Duration::from_secs(5), deadline: Duration::from_secs(20), is_direct: true };
        HttpModel {
            client: Client::new(options),
            provider,
            base: if provider == Provider::Anthropic { self.server.anthropic_url() } else { self.server.openai_url() },
            key: Some(SecretString::from(KEY)),
            model: "test-model".to_owned(),
            retries: 1,
            backoff: Duration::from_millis(1),
            patience: Duration::from_secs(60),
        }
    }

    /// A planner within wide limits.
    fn llm(&self, provider: Provider) -> Llm {
        self.llm_with(self.model(provider), Limits::default())
    }

    fn llm_with(&self, model: HttpModel, limits: Limits) -> Llm {
        Llm {
            model: Arc::new(model),
            replies: Arc::new(FolderReplies::new(self.folder.path().join("replies"))),
            budget: Arc::new(FolderBudget::new(self.folder.path().join("budget"), limits)),
            instructions: Arc::new(PackInstructions {
                packs: Arc::clone(&PACKS),
                default: "implementation".to_owned(),
            }),
            clock: self.clock.clone(),
            settings: Settings {
                context_tokens: 8_000,
                output_tokens: 4_000,
                tokens_per_plan: 1_000_000,
                deadline: Duration::from_secs(60),
                prices: Some(Prices { input: 3.0, output: 15.0 }),
                replay_only: false,
            },
        }
    }
}

/// The verified plan that a planner makes.
async fn plan_by(llm: &Llm, ticket: &Ticket, contexts: &[Context]) -> Plan {
    plan_on(llm, ticket, contexts, DAY).await
}

async fn plan_on(llm: &Llm, ticket: &Ticket, contexts: &[Context], day: &str) -> Plan {
    let options = PlanOptions::default();
    let brief = Brief { ticket, contexts, options: &options, date: day };
    let draft = llm.draft(brief).await.expect("the model's planner always drafts");
    verify(draft, contexts, ticket)
}

/// The verified plan without a model.
fn offline_plan(ticket: &Ticket, contexts: &[Context]) -> Plan {
    let options = PlanOptions::default();
    verify(offline::draft(Brief { ticket, contexts, options: &options, date: DAY }), contexts, ticket)
}

/// All that a plan says, as JSON: what its readers can be told.
fn said(plan: &Plan) -> String {
    serde_json::to_string(&plan.sections).expect("sections are JSON")
}

/// A ticket with criteria that concerns two files.
fn coupons() -> Ticket {
    ticket(
        "Expired coupons lower the total",
        "`Cart::total` subtracts coupons that have expired.\n\n## Acceptance criteria\n\n\
         - [ ] An expired coupon does not lower the total\n- [ ] A valid coupon still does\n",
    )
}

/// A small shop.
fn shop() -> Context {
    let tree = MemoryTree::default()
        .file("Cargo.toml", FileClass::Config, "[package]\nname = \"shop\"\n")
        .file("src/cart.rs", FileClass::Source, CART)
        .file("src/coupon.rs", FileClass::Source, COUPON)
        .file("tests/cart.rs", FileClass::Test, "#[test]\nfn coupon_lowers_the_total() {\n    assert_eq!(1, 1);\n}\n")
        .import("tests/cart.rs", "src/cart.rs")
        .import("src/cart.rs", "src/coupon.rs");
    let mut context = context("acme/shop", tree);
    let named = |text: &str| vec![Evidence::Symbol { name: text.to_owned(), line: 2 }];
    likely(&mut context, "src/cart.rs", 0.9, named("total"), &["total"]);
    likely(&mut context, "src/coupon.rs", 0.6, named("is_expired"), &["is_expired"]);
    near(&mut context, "tests/cart.rs", "src/cart.rs", "it imports it", &["coupon_lowers_the_total"]);
    context.facts = vec![
        fact(FactKind::Language, "Rust", "", "Cargo.toml", 1),
        fact(FactKind::TestCommand, "test", "cargo test --workspace", "Cargo.toml", 1),
    ];
    context.past = vec![PastChange {
        commit: commit('a'),
        subject: "Round totals to whole cents".to_owned(),
        date: "2026-08-02".to_owned(),
        files: vec!["src/cart.rs".to_owned()],
        added: 21,
        deleted: 4,
        references: Vec::new(),
        is_revert: false,
        is_taken_back: false,
        reason: None,
        why: "it changed how totals are computed".to_owned(),
        similarity: 0.6,
        made: Vec::new(),
        is_first: false,
    }];
    context
}

const CART: &str = "impl Cart {
    pub fn total(&self) -> u64 {
        let sum: u64 = self.items.iter().sum();
        sum - self.coupons.iter().map(|coupon| coupon.discount(sum)).sum::<u64>()
    }
}
";

const COUPON: &str = "impl Coupon {
    pub fn is_expired(&self) -> bool {
        self.ends < today()
    }

    pub fn discount(&self, sum: u64) -> u64 {
        sum * self.percent / 100
    }
}
";
