//! `planwright replay`: what would be decided about a delivery. Prints the event, the decision and its reason; touches
//! nothing.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use bytes::Bytes;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::ConfigArgs;
use crate::{
    app,
    intake::Gate,
    model::{
        ConnectionName, DeliveryId,
        delivery::{Decision, Delivery},
        event::Decoded,
    },
    trigger,
};

/// Show what is decided about a stored delivery or a payload on disk, without acting on it.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// The number of a stored delivery, or a file with a JSON payload
    delivery: String,
    #[command(flatten)]
    config: ConfigArgs,
    /// For a file: the connection whose rules decide
    #[arg(long, value_name = "NAME")]
    connection: Option<String>,
    /// For a file: the event name that the tracker sends in a header; guessed when left out
    #[arg(long, value_name = "NAME")]
    event: Option<String>,
    /// Only print (a replay never does more)
    #[arg(long)]
    dry_run: bool,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    format: ReplayFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ReplayFormat {
    Text,
    Json,
}

/// What a replay shows.
#[derive(Serialize)]
struct Replay {
    connection: String,
    event_name: String,
    decoded: Decoded,
    decision: Decision,
    /// The reason of a skip, in words.
    reason: Option<String>,
    /// What was decided when the delivery came in, for a stored one.
    decided_then: Option<Decision>,
}

/// Runs the command.
pub async fn run(args: ReplayArgs) -> anyhow::Result<()> {
    let config = args.config.load()?;
    let gates = app::gates(&config)?;
    let file = Path::new(&args.delivery);
    let (delivery, decided_then) = match args.delivery.parse::<i64>() {
        Ok(id) if !file.exists() => stored(&config, DeliveryId(id)).await?,
        _ => (from_file(&args, file)?, None),
    };
    let Some(gate) = gates.get(&delivery.connection) else {
        bail!(unknown(&delivery.connection, gates.keys()));
    };
    let replay = replay(gate, &delivery, decided_then);
    match args.format {
        ReplayFormat::Json => println!("{}", serde_json::to_string_pretty(&replay)?),
        ReplayFormat::Text => print_text(&replay)?,
    }
    Ok(())
}

/// Names the connections that there are.
fn unknown<'a>(asked: &ConnectionName, known: impl Iterator<Item = &'a ConnectionName>) -> String {
    let mut known: Vec<&str> = known.map(ConnectionName::as_str).collect();
    known.sort_unstable();
    match known.as_slice() {
        [] => "no connection is configured: name the file that has one with --config PATH".to_owned(),
        known => format!("no connection is called {:?}: there is {}", asked.as_str(), known.join(", ")),
    }
}

/// delivery → event → decision, as the intake does it.
fn replay(gate: &Gate, delivery: &Delivery, decided_then: Option<Decision>) -> Replay {
    let decoded = gate.inbound.decode(delivery);
    let decision = trigger::decide(&decoded, &gate.rules);
    let reason = match &decision {
        Decision::Run(_) => None,
        Decision::Skip(reason) => Some(reason.to_string()),
    };
    Replay {
        connection: delivery.connection.to_string(),
        event_name: delivery.event.clone(),
        decoded,
        decision,
        reason,
        decided_then,
    }
}

/// A delivery of the store.
async fn stored(config: &crate::config::Config, id: DeliveryId) -> anyhow::Result<(Delivery, Option<Decision>)> {
    let store = app::read_store(config).await?;
    let found = store.delivery(id).await;
    store.close().await;
    let record = found?.with_context(|| format!("there is no delivery {id}"))?;
    let json = record.body.with_context(|| format!("the body of delivery {id} was not kept"))?;
    let delivery = Delivery::replayed(record.connection, record.guid, record.event, Bytes::from(json));
    Ok((delivery, Some(record.decision)))
}

/// A payload on disk, taken as if it had come in over the named connection.
fn from_file(args: &ReplayArgs, file: &Path) -> anyhow::Result<Delivery> {
    let connection = args.connection.clone().context("for a file, name the connection with --connection NAME")?;
    let json =
        std::fs::read(file).with_context(|| format!("cannot read the payload {}", PathBuf::from(file).display()))?;
    let event = args.event.clone().unwrap_or_else(|| guess_event(&json).to_owned());
    Ok(Delivery::replayed(ConnectionName::new(connection), "replayed".into(), event, Bytes::from(json)))
}

/// GitHub names the event in a header that a file does not have.
fn guess_event(json: &[u8]) -> &'static str {
    let payload: serde_json::Value = serde_json::from_slice(json).unwrap_or_default();
    match () {
        () if payload.get("zen").is_some() => "ping",
        () if payload.get("comment").is_some() => "issue_comment",
        () if payload.get("issue").is_some() => "issues",
        () => "",
    }
}

fn print_text(replay: &Replay) -> anyhow::Result<()> {
    println!("connection  {}", replay.connection);
    println!("event       {}", replay.event_name);
    println!("decoded     {}", serde_json::to_string(&replay.decoded)?);
    match (&replay.decision, &replay.reason) {
        (Decision::Run(request), _) => {
            println!("decision    run {} for {}", request.work.kind(), request.reference);
            println!("key         {}", request.semantic_key);
        }
        (Decision::Skip(_), reason) => println!("decision    skip: {}", reason.as_deref().unwrap_or_default()),
    }
    if let Some(then) = &replay.decided_then
        && *then != replay.decision
    {
        println!("then        {}", serde_json::to_string(then)?);
    }
    Ok(())
}
