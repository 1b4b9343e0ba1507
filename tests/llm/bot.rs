//! The whole bot with a model behind it.

use planwright::sandbox::model::{Misdeed, ModelServer};

use super::KEY;
use crate::bot::harness::{Options, TestBot};

/// The bot's settings for this model server.
fn options(model: &ModelServer) -> Options {
    let base = model.openai_url();
    let more = format!(
        "[planner]\nkind = \"llm\"\n[planner.llm]\nprovider = \"openai_compatible\"\nmodel = \"test-model\"\n\
         base_url = \"{base}\"\napi_key = \"{KEY}\"\nretries = 0\nprices = {{ input = 1.0, output = 2.0 }}\n"
    );
    Options { more, ..Options::default() }
}

#[tokio::test]
async fn a_plan_of_the_model_is_posted_with_its_name_and_cost() {
    let model = ModelServer::start().await.expect("loopback has a free port");
    let bot = TestBot::start_with(options(&model)).await;
    let issue = bot.open_bug().await;
    bot.ask(&issue).await;
    let posted = bot.next_comment(&issue).await.text;
    assert!(posted.contains("Planner: test-model"), "{posted}");
    assert!(posted.contains("Model: openai_compatible test-model"), "{posted}");
    let asked = model.asked();
    assert!(asked.len() >= 6 && asked.iter().all(|question| !question.user.contains(KEY)));
    assert!(!posted.contains(KEY) && !bot.log().contains(KEY));
    bot.finish().await;
}

#[tokio::test]
async fn when_the_model_fails_the_offline_plan_is_posted_and_says_so() {
    let model = ModelServer::start().await.expect("loopback has a free port");
    model.misbehave(Misdeed::Status { code: 401, retry_after: None });
    let bot = TestBot::start_with(options(&model)).await;
    let issue = bot.open_bug().await;
    bot.ask(&issue).await;
    let posted = bot.next_comment(&issue).await.text;
    assert!(posted.contains("Planner: offline (model unavailable: the key was refused"), "{posted}");
    assert!(!posted.contains(KEY) && !bot.log().contains(KEY));
    bot.finish().await;
}
