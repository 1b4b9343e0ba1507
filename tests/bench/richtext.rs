//! Rich text made to hurt: a megabyte of each kind through every reader and writer.
//!
//! Prints for each the slowest kinds with their time, and how many times as long a megabyte takes as a quarter of it: four
//! is linear.

use std::time::{Duration, Instant};

use planwright::richtext::{adf, html, markdown, wiki};
use serde_json::json;

use super::pieces::{DOCUMENTS, HTML, MARKDOWN, WIKI, flat, nodes, repeated, row};

const MEGABYTE: usize = 1 << 20;
/// How many of the slowest are printed.
const SHOWN: usize = 5;

/// One kind of text through one reader or writer.
struct Run {
    what: String,
    took: Duration,
    quarter: Duration,
}

/// How long it takes, in the better of two runs.
fn time<T>(work: impl Fn() -> T) -> Duration {
    let once = || {
        let started = Instant::now();
        let made = work();
        let took = started.elapsed();
        drop(made);
        took
    };
    once().min(once())
}

/// Measures with a megabyte and with a quarter of it.
fn measure<I, T>(what: &str, input: impl Fn(usize) -> I, work: impl Fn(&I) -> T) -> Run {
    let (large, small) = (input(MEGABYTE), input(MEGABYTE / 4));
    Run { what: what.to_owned(), took: time(|| work(&large)), quarter: time(|| work(&small)) }
}

fn show(name: &str, mut runs: Vec<Run>) {
    runs.sort_by_key(|run| std::cmp::Reverse(run.took));
    let slow = runs.iter().filter(|run| run.took >= Duration::from_secs(1)).count();
    println!("richtext: {name}: {} kinds, {slow} of them take a second or more", runs.len());
    for Run { what, took, quarter } in runs.iter().take(SHOWN) {
        let ratio = took.as_secs_f64() / quarter.as_secs_f64().max(1e-9);
        println!("  {:>7.1} ms  {ratio:>4.1} times a quarter  {what}", took.as_secs_f64() * 1e3);
    }
}

/// Text of each piece through a reader.
fn read<T>(name: &str, pieces: &[&str], reader: fn(&str) -> T) {
    let runs =
        pieces.iter().map(|piece| measure(&format!("{piece:?}"), |bytes| repeated(piece, bytes), |text| reader(text)));
    show(&format!("{name} is read"), runs.collect());
}

pub fn run() {
    read("Markdown", MARKDOWN, markdown::parse);
    read("wiki markup", WIKI, wiki::read);
    read("HTML", HTML, html::read);
    let mut runs: Vec<Run> = Vec::new();
    for node in nodes() {
        runs.push(measure(&node.to_string(), |bytes| flat(&node, bytes), adf::read));
    }
    let rows = |bytes: usize| {
        let mut content = vec![json!({ "type": "tableRow", "content": [] }); bytes / 32];
        content[0] = row();
        json!({ "type": "doc", "version": 1, "content": [{ "type": "table", "content": content }] })
    };
    runs.push(measure("rows without cells", rows, adf::read));
    show("ADF is read", runs);
    let write = |name: &str, writer: &dyn Fn(&planwright::richtext::Doc) -> String| {
        let runs = DOCUMENTS.iter().map(|(what, make)| measure(what, make, writer));
        show(&format!("{name} is written"), runs.collect());
    };
    write("Markdown", &markdown::write);
    write("ADF", &adf::write_text);
    write("wiki markup", &wiki::write);
    write("HTML", &html::write);
    write("a page", &html::to_html);
}
