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
                    crate::store::bed::on_postgres(crate::store::$file::$case, &name[..name.len().min(40)]).await;
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
}
