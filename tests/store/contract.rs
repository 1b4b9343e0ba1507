//! Lists every case of the contract and runs it on both engines.

/// Makes a test for each case and engine.
macro_rules! contract {
    ($($file:ident: $($case:ident),+ $(,)?;)+) => {
        mod sqlite {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    crate::store::bed::on_sqlite(crate::store::$file::$case).await;
                }
            )+)+
        }

        mod postgres {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let name = stringify!($case);
                    crate::store::bed::on_postgres(crate::store::$file::$case, &name[..name.len().min(36)]).await;
                }
            )+)+
        }
    };
}

contract! {
    deliveries:
        a_delivery_is_kept_with_its_body_and_decision,
        a_skip_is_kept_without_a_job,
        the_newest_deliveries_come_first_and_without_bodies,
        the_same_guid_a_hundred_times_at_once_is_one_row,
        the_same_request_under_a_new_guid_was_asked_already,
        a_plan_request_joins_the_waiting_plan_job,
        another_persons_request_does_not_join,
        requests_of_one_group_follow_the_same_rules,
        a_reply_never_joins,
        a_running_job_is_not_joined,
        a_job_that_has_stored_its_plan_is_not_joined,
        a_redelivery_revives_a_dead_job_once,
        caps_hold_within_the_hour,
        caps_hold_inside_one_group,
        known_guids_are_named_for_their_connection,
        nul_is_replaced_in_every_text,
        a_large_group_is_stored_whole,
        purge_forgets_what_ended_and_keeps_plans,
        a_replay_after_the_purge_asks_for_nothing;
    inbox:
        a_burst_leaves_what_its_receipts_leave_one_by_one,
        workers_find_what_a_burst_brought,
        what_comes_after_a_burst_is_stored_after_it,
        a_large_delivery_waits_for_those_of_the_burst_before_it,
        a_receipt_that_comes_alone_is_decided_at_once;
    jobs:
        a_known_key_is_not_queued_twice,
        a_claim_takes_the_oldest_due_job,
        what_was_begun_goes_before_what_waits_for_its_first_turn,
        a_ticket_runs_one_job_at_a_time,
        claimers_never_run_two_jobs_of_a_ticket,
        renewing_moves_the_end_of_the_lease,
        an_ended_lease_queues_the_job_again_and_then_buries_it,
        a_stale_fence_changes_nothing,
        a_job_ends_with_its_reason,
        a_job_that_is_put_back_waits_its_time,
        cancelling_ends_waiting_plan_jobs_only,
        a_job_whose_bytes_may_be_out_is_not_cancelled,
        jobs_are_listed_newest_first,
        counts_name_every_state,
        waiting_ends_with_a_commit,
        waiting_without_work_ends_in_time;
    plans:
        a_job_stores_one_plan,
        versions_count_for_each_ticket;
    reviews:
        a_review_needs_a_plan,
        one_review_of_a_ticket_waits,
        reviews_keep_their_pace,
        reviews_count_against_no_cap,
        current_plans_are_the_newest_of_each_ticket;
    publications:
        a_body_is_rendered_once,
        an_intent_counts_and_keeps_its_first_time,
        a_confirmed_publication_stands,
        steps_out_of_order_are_refused,
        a_lost_comment_is_detached,
        giving_up_says_why,
        a_second_look_is_due_once,
        two_empty_listings_apart_allow_to_send_again,
        an_empty_listing_counts_for_the_owner_of_an_intent_only,
        an_intent_ages_from_its_first_time;
    starts:
        starts_at_once_make_one_migration,
        a_database_of_version_1_comes_up_with_its_rows,
        a_filled_database_opens_again,
        what_a_dead_process_ran_is_free_at_the_next_start_of_a_single_process,
        reading_beside_a_serving_store_changes_nothing,
        an_old_database_is_not_read_before_it_was_served,
        a_newer_database_is_refused,
        a_check_writes_and_reads,
        a_closed_store_is_unavailable,
        closing_answers_whoever_waits,
        a_write_that_fails_takes_no_other_with_it;
}
