//! Learns the ranking's weights from past changes, and says what they are worth.
//!
//! In: files of cases (see [`Case`]; `gold_modified` names what the change modified, `gold_lines` the lines that it
//! replaced) and a folder of their repositories.
//! Out: weights as `weights.toml` has them, and a report whose every figure is of a repository that had no part in the
//! weights behind it. The same cases give the same bytes.

use std::{
    collections::BTreeMap,
    fmt::Write,
    path::{Path, PathBuf},
};

use super::{
    batch::{self, Case, CaseReader},
    query::{Query, Reading},
    rank::{
        self,
        calibration::Calibration,
        concerned,
        learn::{self, Example, LeftOut},
        measure::{Figures, List, reliability},
        scan::Filter,
        signals,
        weights::Weights,
    },
    snapshot::Snapshot,
};

/// What learning gives.
pub struct Learned {
    pub weights: Weights,
    /// Markdown.
    pub report: String,
}

/// Learns from all cases that name their gold files; `progress` hears how many of how many are read. Analysed blobs are
/// kept below `shelves`, so that learning from the same cases again costs less.
pub async fn learn(
    case_files: &[PathBuf],
    repos: &Path,
    shelves: Option<PathBuf>,
    progress: impl Fn(usize, usize),
) -> anyhow::Result<Learned> {
    let (examples, files) = examples(case_files, repos, shelves, progress).await?;
    let learned = tokio::task::spawn_blocking(move || {
        let left_out = learn::left_out(&examples);
        let weights = learn::learn(&examples, &left_out, &files);
        let mut report = report(&examples, &left_out, &weights);
        symbols(&mut report, &files);
        Learned { weights, report }
    });
    Ok(learned.await?)
}

/// Weighs the candidates of every case that names its gold files, and the symbols of files whose changed lines it names.
async fn examples(
    case_files: &[PathBuf],
    repos: &Path,
    shelves: Option<PathBuf>,
    progress: impl Fn(usize, usize),
) -> anyhow::Result<(Vec<Example>, Vec<concerned::learn::Example>)> {
    let mut cases: Vec<(String, Case)> = Vec::new();
    for file in case_files {
        let source = file.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let told = batch::cases(file)?.into_iter().filter(|case| !case.gold_modified.is_empty());
        cases.extend(told.map(|case| (source.clone(), case)));
    }
    anyhow::ensure!(!cases.is_empty(), "no case names what its change modified (`gold_modified`)");
    let all = cases.len();
    let mut reader = CaseReader::new(repos).keeping(shelves);
    let (mut found, mut files) = (Vec::new(), Vec::new());
    for (done, (source, case)) in cases.into_iter().enumerate() {
        progress(done, all);
        let snapshot = reader.read(&case).await?;
        let weigh = move || {
            let reading = Reading { title: case.title.clone(), body: case.body.clone(), comments: Vec::new() };
            let query = snapshot.query(&reading);
            (example(source, &case, &query, &snapshot), of_symbols(&case, &query, &snapshot))
        };
        let (example, of_symbols) = tokio::task::spawn_blocking(weigh).await?;
        found.push(example);
        files.extend(of_symbols);
    }
    progress(all, all);
    Ok((found, files))
}

/// The symbols of the files that the change modified, where the case says on which lines and the ranking lists the file.
fn of_symbols(case: &Case, query: &Query, snapshot: &Snapshot) -> Vec<concerned::learn::Example> {
    if case.gold_lines.is_empty() {
        return Vec::new();
    }
    let filter = Filter::of(query);
    let ranking = rank::rank(query, &snapshot.index, &snapshot.history);
    let told = ranking.files.iter().zip(&ranking.numbers).filter(|(file, _)| !file.evidence.is_empty());
    let examples = told.filter_map(|(file, number)| {
        let lines = case.gold_lines.get(&file.path)?;
        let blob = &snapshot.index.files[*number].blob;
        let rows = concerned::signals::rows(query, &filter, blob, &file.evidence);
        concerned::learn::Example::of(&case.repo, blob, rows, lines)
    });
    examples.collect()
}

/// The candidates of one case.
fn example(source: String, case: &Case, query: &Query, snapshot: &Snapshot) -> Example {
    let candidates = signals::candidates(query, &snapshot.index, &snapshot.history).files;
    let is_gold = |file: usize| case.gold_modified.contains(&snapshot.index.files[file].path);
    let gold: Vec<bool> = candidates.iter().map(|candidate| is_gold(candidate.file)).collect();
    let missed = case.gold_modified.len() - gold.iter().filter(|gold| **gold).count();
    let rows = candidates.into_iter().map(|candidate| candidate.row).collect();
    Example { id: case.id.clone(), repo: case.repo.clone(), source, rows, gold, missed }
}

/// An example with what was said of it while its repository was left out.
struct Judged<'a> {
    example: &'a Example,
    list: &'a List,
    fused: List,
    probabilities: Vec<f64>,
    f1: f64,
}

impl<'a> Judged<'a> {
    fn of(example: &'a Example, list: &'a List, calibration: &Calibration) -> Self {
        let probabilities = calibration.probabilities(&list.scores);
        let f1 = list.f1(&probabilities, calibration.threshold);
        Self { example, list, fused: List::fused(example), probabilities, f1 }
    }
}

/// Says in Markdown what the weights are worth.
fn report(examples: &[Example], left_out: &LeftOut, weights: &Weights) -> String {
    let judged = examples.iter().zip(&left_out.lists).zip(&left_out.calibrations);
    let all: Vec<Judged> = judged.map(|((example, list), said)| Judged::of(example, list, said)).collect();
    let mut out = format!("# What the learned weights are worth\n\n{}.\n", weights.provenance);
    out.push_str("Each figure is of repositories that were left out when the weights behind it were learned.\n");
    table(&mut out, "All cases", &all.iter().collect::<Vec<_>>());
    let sources = groups(&all, |judged| &judged.example.source);
    for (source, of_source) in sources.iter().filter(|_| sources.len() > 1) {
        table(&mut out, &format!("Cases of {source}"), of_source);
    }
    reliable(&mut out, &all);
    out.push_str("\n## By repository\n\n| repository | cases | Acc@1 | Acc@5 | Acc@10 | MRR | F1 |\n|---|---|---|---|---|---|---|\n");
    for (repo, of_repo) in groups(&all, |judged| &judged.example.repo) {
        let figures = Figures::of(of_repo.iter().map(|judged| (judged.list, judged.f1)));
        let _ = writeln!(out, "| {repo} | {} | {} |", figures.lists, cells(&figures));
    }
    out
}

/// How often the symbols that are named of a file are those that the change touched.
fn symbols(out: &mut String, files: &[concerned::learn::Example]) {
    if files.is_empty() {
        return;
    }
    let concerned::learn::Hits { files, first, three } = concerned::learn::left_out(files);
    let (first, three) = (first * 100.0, three * 100.0);
    let _ = write!(
        out,
        "\n## Symbols\n\n| files modified | first symbol is changed | one of the first three is |\n|---|---|---|\n\
         | {files} | {first:.1} % | {three:.1} % |\n"
    );
}

/// Examples by a name of theirs.
fn groups<'a, 'b>(
    all: &'a [Judged<'b>],
    name: impl Fn(&'a Judged<'b>) -> &'a String,
) -> BTreeMap<&'a str, Vec<&'a Judged<'b>>> {
    let mut found: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
    for judged in all {
        found.entry(name(judged).as_str()).or_default().push(judged);
    }
    found
}

/// The learned weights beside plain fusion, over all cases and over those of several gold files.
fn table(out: &mut String, heading: &str, of: &[&Judged<'_>]) {
    let _ = write!(
        out,
        "\n## {heading}\n\n| ranked by | cases | Acc@1 | Acc@5 | Acc@10 | MRR | F1 |\n|---|---|---|---|---|---|---|\n"
    );
    let several: Vec<&Judged> = of.iter().copied().filter(|judged| judged.list.golds() > 1).collect();
    let mut depth_five = Vec::new();
    for (part, cases) in [("", of), (", several gold files", &several)] {
        let learned = Figures::of(cases.iter().map(|judged| (judged.list, judged.f1)));
        // A list of one has the best F1 of all fixed lengths.
        let fused = Figures::of(cases.iter().map(|judged| (&judged.fused, judged.fused.f1(&[1.0], 0.5))));
        for (name, figures) in [("learned weights", &learned), ("reciprocal rank fusion", &fused)] {
            let _ = writeln!(out, "| {name}{part} | {} | {} |", figures.lists, cells(figures));
        }
        depth_five = vec![learned.accuracy[2], fused.accuracy[2]];
    }
    if let [learned, fused] = depth_five[..]
        && fused > 0.0
    {
        let _ = writeln!(out, "\nSeveral gold files: {:.2} times the Acc@5 of plain fusion.", learned / fused);
    }
}

/// Acc@1, Acc@5, Acc@10, MRR and F1.
fn cells(figures: &Figures) -> String {
    let [first, _, five, ten] = figures.accuracy.map(|share| share * 100.0);
    let (rank, f1) = (figures.reciprocal_rank, figures.f1 * 100.0);
    format!("{first:.1} | {five:.1} | {ten:.1} | {rank:.3} | {f1:.1}")
}

/// What was said and what happened, with a bar for each row.
fn reliable(out: &mut String, all: &[Judged<'_>]) {
    let lists: Vec<(&List, Vec<f64>)> = all.iter().map(|judged| (judged.list, judged.probabilities.clone())).collect();
    let (rows, distance) = reliability(&lists);
    out.push_str("\n## Reliability\n\n| said | happened | files | |\n|---|---|---|---|\n");
    for row in rows {
        let bar = "█".repeat((row.happened * 20.0).round() as usize);
        let (said, happened) = (row.said * 100.0, row.happened * 100.0);
        let _ = writeln!(out, "| {said:.1} % | {happened:.1} % | {} | {bar} |", row.files);
    }
    let _ = writeln!(out, "\nMean distance, weighed by files: {:.1} points.", distance * 100.0);
}
