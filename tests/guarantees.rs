//! Which tests show what must hold against bad input, on each tracker. Every test and row of the parity table that is
//! named here exists, and no tracker that a case concerns is left out.

use std::{collections::BTreeSet, fs, path::Path};

/// A tracker, or what serves all of them alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum On {
    GitHub,
    Jira,
    AzureDevOps,
    /// Shown once: the tracker plays no part in it.
    All,
}

use On::{All, AzureDevOps, GitHub, Jira};

/// A case in words, with the tests that show it. A test that begins with `row:` is a row of the parity table, which is
/// played on every tracker.
type Case = (&'static str, &'static [(On, &'static [&'static str])]);

/// Who sends.
const AUTHENTICATION: &[Case] = &[
    (
        "without a SHA-256 signature, or with a valid SHA-1 alone, a delivery is refused and leaves no row",
        &[(
            GitHub,
            &[
                "github::verify::without_one_sha256_signature_there_is_no_delivery",
                "bot::receipt::what_is_not_proven_leaves_no_row",
            ],
        )],
    ),
    (
        "the published vectors are accepted; a flipped bit, another length or prefix, a second header is refused",
        &[
            (
                GitHub,
                &[
                    "github::signature::the_published_vectors_are_accepted",
                    "github::signature::other_forms_are_no_signatures",
                    "github::signature::a_signature_stands_once_under_its_own_name",
                    "github::signature::any_flipped_bit_of_the_body_breaks_the_proof",
                    "github::signature::any_flipped_bit_of_the_header_breaks_the_proof",
                ],
            ),
            (Jira, &["jira::verify::the_published_vectors_are_accepted"]),
        ],
    ),
    (
        "an empty, blank or missing secret refuses the start",
        &[
            (All, &["config::secrets::empty_blank_and_missing_secrets_are_refused"]),
            (GitHub, &["github::signature::secrets_without_a_secret_are_refused"]),
            (AzureDevOps, &["azure_devops::verify::without_a_real_password_there_is_no_connection"]),
        ],
    ),
    (
        "a body written anew under the original signature is refused",
        &[
            (GitHub, &["github::verify::the_proof_covers_the_raw_bytes"]),
            (Jira, &["jira::verify::the_proof_covers_the_raw_bytes"]),
        ],
    ),
    (
        "the secret of one connection proves nothing for what another serves",
        &[(GitHub, &["bot::downstream::the_secret_of_one_connection_opens_nothing_of_another"])],
    ),
    (
        "a body under another event's name is ignored with a reason",
        &[
            (GitHub, &["github::decode::the_header_must_fit_the_body"]),
            (Jira, &["jira::decode::the_event_must_fit_the_body"]),
            (AzureDevOps, &["azure_devops::decode::the_event_must_fit_the_body"]),
        ],
    ),
    ("of signature methods only the listed one counts", &[(Jira, &["jira::verify::only_the_listed_method_counts"])]),
    (
        "a token of another method, key, time, audience, issuer or request is refused",
        &[(
            Jira,
            &[
                "jira::tokens::no_other_method_is_accepted",
                "jira::tokens::a_token_is_good_for_its_time",
                "jira::tokens::an_audience_must_be_the_expected_one",
                "jira::tokens::a_connect_token_names_its_issuer_and_its_request",
                "jira::tokens::what_is_no_token_proves_nothing",
                "jira::tokens::every_flipped_character_breaks_a_token",
            ],
        )],
    ),
    (
        "an absent, wrong or doubled password is refused; one with a colon works",
        &[(
            AzureDevOps,
            &[
                "azure_devops::verify::the_password_must_be_right_and_stand_once",
                "azure_devops::verify::a_request_with_the_password_becomes_a_delivery",
            ],
        )],
    ),
    ("a page whose query names a hook still asks for the login", &[(All, &["web::access::pages_ask_for_the_login"])]),
    (
        "while rotating the old and the new secret count, afterwards the new alone",
        &[
            (
                GitHub,
                &[
                    "github::signature::every_secret_counts_while_rotating",
                    "bot::secrets::a_secret_is_rotated_without_a_gap",
                ],
            ),
            (Jira, &["jira::verify::every_secret_counts_while_rotating"]),
            (AzureDevOps, &["azure_devops::verify::while_rotating_the_old_password_counts_and_afterwards_not"]),
        ],
    ),
];

/// What comes twice, late or in another order.
const ORDER: &[Case] = &[
    (
        "the same delivery a hundred times at once, on three replicas, is one row",
        &[
            (All, &["store::deliveries::the_same_guid_a_hundred_times_at_once_is_one_row"]),
            (GitHub, &["bot::receipt::a_hundred_equal_deliveries_at_once_make_one_row_and_one_comment"]),
        ],
    ),
    (
        "the same body under a new id asks for one plan",
        &[
            (All, &["store::deliveries::the_same_request_under_a_new_guid_was_asked_already"]),
            (GitHub, &["bot::receipt::the_same_body_under_another_id_asks_once"]),
        ],
    ),
    (
        "a delivery replayed after its row was purged posts nothing twice",
        &[
            (All, &["store::deliveries::a_replay_after_the_purge_asks_for_nothing"]),
            (GitHub, &["bot::asking::a_delivery_that_is_captured_and_sent_again_after_the_purge_asks_for_nothing"]),
        ],
    ),
    (
        "an edit that arrives before the opening is answered once, from the newest state",
        &[(GitHub, &["bot::asking::edited_before_opened_is_answered_once_from_the_newest_state"])],
    ),
    (
        "a redelivery of work that failed runs it",
        &[
            (All, &["store::deliveries::a_redelivery_revives_a_dead_job_once"]),
            (GitHub, &["bot::asking::a_redelivery_of_work_that_failed_runs_it"]),
        ],
    ),
    (
        "a comment that a tracker tells twice asks for one plan",
        &[
            (Jira, &["jira::decode::a_doubled_comment_is_one_asking", "row: `/plan` in a comment posts a plan"]),
            (
                AzureDevOps,
                &[
                    "azure_devops::decode::a_comment_runs_once_although_it_makes_an_update_too",
                    "row: `/plan` in a comment posts a plan",
                ],
            ),
        ],
    ),
    (
        "the same event eight times asks for one plan",
        &[
            (Jira, &["jira::verify::the_delivery_id_is_the_one_that_retries_share"]),
            (AzureDevOps, &["azure_devops::decode::the_same_event_eight_times_asks_for_the_same"]),
        ],
    ),
];

/// What is broken or odd.
const MALFORMED: &[Case] = &[
    (
        "depth, size, truncation, doubled keys, other encodings and numbers out of range are ignored with a reason",
        &[
            (
                GitHub,
                &[
                    "github::decode::what_is_not_json_is_ignored_with_a_reason",
                    "github::decode::depth_and_size_in_unread_fields_do_no_harm",
                    "github::mutants::mutants_of_recorded_payloads_do_no_harm",
                    "bot::receipt::authentic_rubbish_is_taken_and_skipped",
                ],
            ),
            (
                Jira,
                &[
                    "jira::decode::what_is_not_json_is_ignored_with_a_reason",
                    "jira::decode::depth_and_size_in_unread_fields_do_no_harm",
                    "jira::mutants::mutants_of_recorded_payloads_do_no_harm",
                ],
            ),
            (
                AzureDevOps,
                &[
                    "azure_devops::decode::what_is_not_json_is_ignored_with_a_reason",
                    "azure_devops::decode::depth_and_size_in_unread_fields_do_no_harm",
                    "azure_devops::mutants::mutants_of_recorded_payloads_do_no_harm",
                ],
            ),
        ],
    ),
    (
        "a NUL in any text is stored alike on both databases",
        &[(All, &["store::deliveries::nul_is_replaced_in_every_text"])],
    ),
    (
        "unknown events, actions and fields, and people and texts that are null, are ignored",
        &[
            (GitHub, &["github::decode::odd_values_are_exact_or_ignored", "github::decode::recorded_payloads_decode"]),
            (Jira, &["jira::decode::odd_values_are_exact_or_ignored", "jira::decode::recorded_payloads_decode"]),
            (
                AzureDevOps,
                &[
                    "azure_devops::decode::odd_values_are_exact_or_ignored",
                    "azure_devops::decode::recorded_payloads_decode",
                ],
            ),
        ],
    ),
    (
        "a plan over the limit is fitted between paragraphs and graphemes, its marker kept, the whole linked",
        &[(
            All,
            &[
                "publish::fitting::a_single_paragraph_is_cut_between_graphemes",
                "publish::fitting::lists_and_tables_lose_their_last_parts_and_code_goes_whole",
                "publish::fitting::every_comment_is_within_its_limit_and_marked",
                "publish::encoding::a_large_document_is_shortened_in_every_dialect",
                "row: a plan that does not fit becomes a linked document",
            ],
        )],
    ),
    (
        "ids beyond 2^53, negative or as text are exact or ignored",
        &[
            (GitHub, &["github::decode::odd_values_are_exact_or_ignored"]),
            (Jira, &["jira::decode::odd_values_are_exact_or_ignored"]),
            (AzureDevOps, &["azure_devops::decode::odd_values_are_exact_or_ignored"]),
        ],
    ),
    (
        "form bodies of GitHub are accepted; other types of content are refused everywhere",
        &[
            (
                GitHub,
                &[
                    "github::verify::the_media_type_decides_how_the_body_is_read",
                    "bot::receipt::form_deliveries_are_taken",
                ],
            ),
            (Jira, &["jira::verify::only_plain_json_is_read"]),
            (AzureDevOps, &["azure_devops::verify::only_plain_json_is_taken"]),
        ],
    ),
];

/// What is too much.
const EXHAUSTION: &[Case] = &[
    (
        "a body over the limit is refused early, also in chunks; one below it is accepted",
        &[(GitHub, &["bot::receipt::bodies_up_to_the_limit_are_taken_and_larger_ones_refused"])],
    ),
    (
        "a compressed body is refused and never inflated",
        &[
            (
                GitHub,
                &[
                    "github::verify::the_media_type_decides_how_the_body_is_read",
                    "bot::receipt::what_is_not_proven_leaves_no_row",
                ],
            ),
            (Jira, &["jira::verify::only_plain_json_is_read"]),
            (AzureDevOps, &["azure_devops::verify::only_plain_json_is_taken"]),
        ],
    ),
    (
        "adversarial text goes through every converter and the grammar in time that grows with its length",
        &[
            (
                All,
                &[
                    "richtext::linear::markdown_is_read_in_linear_time",
                    "richtext::linear::wiki_markup_is_read_in_linear_time",
                    "richtext::linear::html_is_read_in_linear_time",
                    "richtext::linear::adf_is_read_in_linear_time",
                    "richtext::linear::every_dialect_is_written_in_linear_time",
                    "trigger::commands::adversarial_comments_are_read_quickly",
                ],
            ),
            (Jira, &["jira::decode::adversarial_comments_are_read_quickly"]),
            (AzureDevOps, &["azure_devops::decode::adversarial_comments_are_read_quickly"]),
        ],
    ),
    (
        "a full disk, a busy database or one that is gone is answered 503",
        &[(
            All,
            &[
                "bot::serve::what_a_full_disk_does_not_take_is_answered_503_and_taken_later",
                "store::files::a_full_disk_is_unavailable",
                "store::files::a_locked_file_is_unavailable_until_it_is_free",
                "store::replicas::a_server_that_is_gone_is_unavailable_until_it_is_back",
            ],
        )],
    ),
];

/// What trackers do wrong.
const DOWNSTREAM: &[Case] = &[
    (
        "a comment that was applied and answered with an error, a reset or never stands once",
        &[
            (
                All,
                &[
                    "row: a comment whose answer is lost stands once",
                    "row: a comment answered with an error stands once",
                ],
            ),
            (GitHub, &["bot::faults::a_comment_that_was_applied_and_never_answered_is_found_again"]),
        ],
    ),
    (
        "a stale listing causes no second post",
        &[(GitHub, &["bot::faults::a_comment_that_a_stale_listing_hides_is_not_written_again"])],
    ),
    (
        "a comment that appears long after an error stands once in the end",
        &[(GitHub, &["bot::faults::a_double_that_appears_late_is_removed_by_the_second_look"])],
    ),
    (
        "limits are waited for, and other connections go on",
        &[
            (
                All,
                &[
                    "row: a rate limit is waited for",
                    "bot::downstream::a_rate_limited_connection_does_not_hold_another_one",
                ],
            ),
            (GitHub, &["bot::faults::limits_are_waited_for"]),
        ],
    ),
    (
        "refused credentials are renewed once; a ticket that is deleted, moved or locked ends with a reason",
        &[
            (All, &["row: a ticket deleted meanwhile ends with a reason"]),
            (
                GitHub,
                &[
                    "bot::faults::refused_credentials_are_refreshed_once",
                    "bot::faults::a_locked_ticket_ends_with_a_reason",
                    "github::sandbox::issues_that_went_away_are_gone",
                ],
            ),
        ],
    ),
    (
        "a redirect to another host gets no credentials, and an answer without end is cut",
        &[
            (
                GitHub,
                &[
                    "github::reads::a_redirect_to_another_host_is_not_followed_and_carries_no_credentials",
                    "github::reads::an_endless_answer_is_cut",
                    "bot::downstream::a_redirect_to_another_host_is_not_followed",
                ],
            ),
            (
                Jira,
                &[
                    "jira::reads::a_redirect_is_not_followed_and_carries_no_credentials",
                    "jira::reads::an_endless_answer_is_cut",
                ],
            ),
            (
                AzureDevOps,
                &[
                    "azure_devops::reads::a_redirect_is_not_followed_and_carries_no_credentials",
                    "azure_devops::reads::an_endless_answer_is_cut",
                ],
            ),
        ],
    ),
];

/// What stands in a posted plan and what it was made from.
const POSTED: &[Case] = &[
    (
        "mentions, closing keywords, commands and references of ticket, repository or model are inert",
        &[
            (
                All,
                &[
                    "publish::inertness::no_comment_acts",
                    "publish::encoding::no_comment_mentions_anybody_in_any_dialect",
                    "templates::safety::no_random_plan_acts_in_any_pack_and_dialect",
                ],
            ),
            (
                GitHub,
                &[
                    "bot::posted::a_hostile_ticket_is_answered_with_a_comment_that_does_not_act",
                    "bot::posted::a_hostile_repository_is_quoted_without_effect",
                ],
            ),
        ],
    ),
    (
        "remote images, data and script addresses are removed",
        &[(
            All,
            &[
                "publish::inertness::images_are_names_and_viewers_are_code",
                "publish::inertness::links_lead_to_allowed_hosts_alone",
                "templates::safety::no_random_plan_acts_in_any_pack_and_dialect",
            ],
        )],
    ),
    (
        "a forged marker, the end of a comment and fences that end early hide and hijack nothing",
        &[
            (
                All,
                &[
                    "publish::markers::a_forged_marker_hides_no_genuine_one",
                    "publish::markers::a_changed_marker_does_not_count",
                    "publish::inertness::no_comment_acts",
                ],
            ),
            (GitHub, &["bot::posted::a_hostile_ticket_is_answered_with_a_comment_that_does_not_act"]),
            (Jira, &["jira::writes::own_comments_are_found_on_every_page_by_author_and_carry_their_markers"]),
            (AzureDevOps, &["azure_devops::writes::own_comments_are_found_on_every_page_by_author_alone"]),
        ],
    ),
    (
        "braces in a title print as they are",
        &[(GitHub, &["bot::posted::a_hostile_ticket_is_answered_with_a_comment_that_does_not_act"])],
    ),
    (
        "control characters in titles, branches and headers are escaped in logs",
        &[(All, &["web::telemetry::a_strangers_text_stays_inside_its_line"])],
    ),
    (
        "a title or a symbolic link leads no document out of its folder",
        &[(
            GitHub,
            &[
                "bot::documents::no_title_leads_a_file_out_of_the_plan_folder",
                "bot::documents::a_folder_that_is_a_symbolic_link_is_not_written_through",
            ],
        )],
    ),
    (
        "git runs no program, option, submodule, hook, filter or folder of a repository's choosing",
        &[(
            All,
            &[
                "repo::bad_input::addresses_that_run_programs_or_leave_the_roots_are_refused",
                "repo::bad_input::a_repository_cannot_make_git_run_its_programs",
            ],
        )],
    ),
];

/// Who may what.
const RIGHTS: &[Case] = &[
    (
        "a stranger gets no plan and no comment; what another edits after the request does not count as asked",
        &[
            (All, &["row: whoever may not ask is not answered"]),
            (
                GitHub,
                &[
                    "bot::triggers::a_stranger_gets_no_comment_and_no_reaction_and_the_reason_is_kept",
                    "bot::asking::the_command_is_the_one_that_was_delivered_whatever_it_was_edited_to",
                ],
            ),
        ],
    ),
    (
        "the bot's own words and those of other bots start nothing, and tickets have a cap",
        &[
            (All, &["row: what the bot's own account writes starts nothing"]),
            (
                GitHub,
                &[
                    "bot::triggers::the_bots_own_comment_and_another_bots_comment_start_nothing",
                    "bot::asking::what_a_bot_writes_asks_for_nothing_whoever_posts_it",
                    "bot::asking::a_hundred_commands_in_a_minute_stay_under_the_cap",
                ],
            ),
        ],
    ),
    (
        "a wrong configuration ends the process and names the key",
        &[(
            All,
            &[
                "bot::serve::a_bad_configuration_ends_the_process_and_is_named",
                "config::problems::unknown_keys_are_refused",
                "config::problems::sqlite_refuses_replicas",
                "config::problems::trackers_are_reached_over_tls",
                "config::secrets::a_secret_file_must_not_be_open_to_everybody",
            ],
        )],
    ),
];

const CHAPTERS: &[(&str, &[Case])] = &[
    ("authentication", AUTHENTICATION),
    ("order", ORDER),
    ("malformed input", MALFORMED),
    ("exhaustion", EXHAUSTION),
    ("downstream", DOWNSTREAM),
    ("what is posted", POSTED),
    ("rights", RIGHTS),
];

/// Is there such a test?
fn exists(name: &str) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    if let Some(row) = name.strip_prefix("row: ") {
        let files = ["bot/parity.rs", "bot/parity/documents.rs", "bot/parity/processes.rs"];
        return files.iter().any(|file| read(&root.join(file)).contains(&format!("(\"{row}\", ")));
    }
    let (module, function) = name.rsplit_once("::").expect("a module and a function");
    let file = root.join(format!("{}.rs", module.replace("::", "/")));
    let listed = read(&root.join("store/contract.rs")).contains(&format!(" {function}"));
    let text = read(&file);
    let at = text.find(&format!("fn {function}("));
    let marked = |at: usize| text[..at].rsplit("\n\n").next().is_some_and(|head| head.contains("test]"));
    // cases of the stores' contract are functions that the contract makes tests of; generated ones stand in a macro
    at.is_some_and(|at| marked(at) || (module.starts_with("store::") && listed) || text[..at].contains("proptest! {"))
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_default()
}

#[test]
fn every_test_that_shows_a_guarantee_exists() {
    let cases = CHAPTERS.iter().flat_map(|(_, cases)| cases.iter());
    let named = cases.flat_map(|(_, shown)| shown.iter().flat_map(|(_, tests)| tests.iter()));
    let missing: BTreeSet<&&str> = named.filter(|name| !exists(name)).collect();
    assert!(missing.is_empty(), "no such tests: {missing:#?}");
    assert!(!exists("github::verify::nothing_of_the_kind") && !exists("row: nothing of the kind"));
}

#[test]
fn every_case_is_shown_where_it_matters_and_told_once() {
    let mut told = BTreeSet::new();
    for (case, shown) in CHAPTERS.iter().flat_map(|(_, cases)| cases.iter()) {
        assert!(told.insert(case), "told twice: {case}");
        let on: BTreeSet<On> = shown.iter().map(|(on, _)| *on).collect();
        assert_eq!(on.len(), shown.len(), "a tracker twice: {case}");
        assert!(!shown.is_empty() && shown.iter().all(|(_, tests)| !tests.is_empty()), "not shown: {case}");
    }
    // what concerns all trackers is shown on all, or once for all
    for chapter in ["malformed input"] {
        let (_, cases) = CHAPTERS.iter().find(|(name, _)| *name == chapter).expect("a chapter");
        for (case, shown) in *cases {
            let on: BTreeSet<On> = shown.iter().map(|(on, _)| *on).collect();
            let everywhere =
                on.contains(&All) || [GitHub, Jira, AzureDevOps].iter().all(|tracker| on.contains(tracker));
            assert!(everywhere, "not shown on every tracker: {case}");
        }
    }
}
