//! What goes wherever its sibling stands: new fields of records, what new routes do, and what is there already.

use planwright::model::context::*;

use super::world::*;

/// A reader of feeds. Two options stand in five files each; what one of them does by itself is in a sixth.
fn reader() -> MemoryTree {
    let model =
        "pub struct Feed {\n    pub title: String,\n    pub fetch_plainly: bool,\n    pub ignore_updates: bool,\n}\n";
    let form = "function form(feed) {\n  feed.fetchPlainly = input.fetchPlainly\n  feed.ignoreUpdates = input.ignoreUpdates\n}\n";
    MemoryTree::default()
        .file("src/model/feed.rs", FileClass::Source, model)
        .file("src/form/feed.js", FileClass::Source, form)
        .file("src/storage/feed.rs", FileClass::Source, "fn save() {\n    sql(\"fetch_plainly\", \"ignore_updates\");\n}\n")
        .file(
            "src/storage/migrations.rs",
            FileClass::Source,
            "fn all() {\n    run(\"ALTER TABLE feeds ADD COLUMN fetch_plainly bool\");\n    run(\"ALTER TABLE feeds ADD COLUMN ignore_updates bool\");\n}\n",
        )
        .file("templates/feed.html", FileClass::Source, "<input name=\"fetch-plainly\">\n<input name=\"ignore-updates\">\n")
        .file("src/fetch.rs", FileClass::Source, "fn fetch(feed: Feed) {\n    plain(feed.fetch_plainly)\n}\n")
        .file("locale/en_US.json", FileClass::Config, "{\"fetch_plainly\": \"Plain\",\n\"ignore_updates\": \"Ignore\"}\n")
        .file("locale/de_DE.json", FileClass::Config, "{\"fetch_plainly\": \"Einfach\",\n\"ignore_updates\": \"Nicht\"}\n")
}

/// Its context, where words alone lead to what fetches.
fn reading() -> Context {
    let mut context = context("acme/reader", reader());
    likely(&mut context, "src/storage/feed.rs", 0.4, vec![words(&["feed"])], &["save"]);
    likely(&mut context, "src/fetch.rs", 0.36, vec![words(&["fetch"])], &["fetch"]);
    context
}

#[test]
fn a_new_option_goes_where_most_of_its_kind_stand_each_time_as_it_is_written_there() {
    let body = "Please add a feed setting \"Pause\" (`pause_refresh`), off by default.\n\n- [ ] The feed's page has a checkbox for it\n";
    let text = document(&ticket("Option per feed to pause its refresh", body), &[reading()]);
    for said in [
        "Add `pause_refresh` where `ignore_updates` stands: in `Feed` ([`src/model/feed.rs:4`]",
        "Add `pauseRefresh` where `ignoreUpdates` stands: in `form` ([`src/form/feed.js:3`]",
        "Add `pause_refresh` where `ignore_updates` stands: in `save` ([`src/storage/feed.rs:2`]",
        "Add `pause-refresh` where `ignore-updates` stands: at [`templates/feed.html:2`]",
        "Add a migration at the end for `pause_refresh`, as [`src/storage/migrations.rs:3`]",
        "and in its translation",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    assert!(!text.contains("Modify [`src/fetch.rs`"), "{text}");
    // A column is added, and the name is no slip of the pen.
    assert!(!text.contains("No schema change") && !text.contains("which the repository does not have"), "{text}");
}

#[test]
fn an_option_that_is_there_already_is_looked_at_in_one_step() {
    let body = "Please add a feed setting (`ignore_updates`), off by default.\n\n- [ ] The feed's page has a checkbox for it\n";
    let text = document(&ticket("Option per feed to ignore updates", body), &[reading()]);
    assert!(text.contains("`ignore_updates` is there: in `Feed` ([`src/model/feed.rs:4`]"), "{text}");
    assert!(text.contains("**1. Check what is missing where it is there already, in "), "{text}");
    assert!(!text.contains("Modify [`src/model/feed.rs`") && !text.contains("Add a migration"), "{text}");
}

#[test]
fn plain_names_tell_of_a_record_only_together() {
    let owner =
        "class Owner {\n    private String address;\n    private String city;\n    private String telephone;\n}\n";
    let table = "CREATE TABLE owners (\n  address TEXT,\n  city TEXT,\n  telephone TEXT\n);\n";
    let tree = MemoryTree::default()
        .file("src/Owner.java", FileClass::Source, owner)
        .file("db/schema.sql", FileClass::Source, table)
        .file("pages/owner.html", FileClass::Source, "<p>address\n<p>city\n<p>telephone\n")
        .file("pages/about.html", FileClass::Source, "<p>telephone\n");
    let mut context = context("acme/clinic", tree);
    likely(&mut context, "src/Owner.java", 0.4, vec![words(&["owner"])], &["Owner"]);
    let body = "Please record the owner's e-mail address, we need it for reminders.\n\n- The owner's page shows it\n";
    let text = document(&ticket("Owners: an address for reminders", body), &[context]);
    assert!(text.contains("Add the e-mail address where `telephone` stands: at [`pages/owner.html:3`]"), "{text}");
    assert!(text.contains("where `telephone` stands: at [`db/schema.sql:4`]"), "{text}");
    assert!(!text.contains("pages/about.html"), "{text}");
}

#[test]
fn what_has_the_settings_of_a_user_is_found_around_the_noun() {
    let profile = "class UserProfile:\n    hide_bundles = models.BooleanField(default=False)\n    show_counts = models.BooleanField(default=False)\n";
    let tree = MemoryTree::default()
        .file("app/models.py", FileClass::Source, profile)
        .file("app/forms.py", FileClass::Source, "FIELDS = [\n    \"hide_bundles\",\n    \"show_counts\",\n]\n")
        .file("app/page.html", FileClass::Source, "{{ hide_bundles }}\n{{ show_counts }}\n");
    let mut context = context("acme/marks", tree);
    likely(&mut context, "app/forms.py", 0.4, vec![words(&["settings"])], &[]);
    let body =
        "I would like a profile option `hide_archived`, off by default.\n\n- The settings page has a checkbox for it\n";
    let text = document(&ticket("User setting to hide what is archived", body), &[context]);
    assert!(
        text.contains("Add `hide_archived` where `hide_bundles` stands: in `UserProfile` ([`app/models.py:2`]"),
        "{text}"
    );
    assert!(text.contains("where `hide_bundles` stands: at [`app/page.html:1`]"), "{text}");
}

/// A journal with favourites: routes, what answers them, what shapes answers, and other code of the same words.
fn journal() -> Context {
    let routes = "router.post('/articles/:slug/favorite', favoriteArticle)\nrouter.delete('/articles/:slug/favorite', unfavoriteArticle)\n";
    let tree = MemoryTree::default()
        .file("src/routes.ts", FileClass::Source, routes)
        .file("src/service.ts", FileClass::Source, "function favoriteArticle(slug) {\n  return add(slug)\n}\nfunction unfavoriteArticle(slug) {\n  return take(slug)\n}\n")
        .file("src/mapper.ts", FileClass::Source, "function mapper(article) {\n  return { favorited: article.favoritedBy.length > 0 }\n}\n")
        .file("src/tags.ts", FileClass::Source, "function tags(article) {\n  return article.tags\n}\n")
        .file("prisma/schema.prisma", FileClass::Other, "model Article {\n  favoritedBy User[]\n}\n");
    let mut context = context("acme/journal", tree);
    context.facts = vec![
        fact(FactKind::Route, "POST /articles/:slug/favorite", "favoriteArticle", "src/routes.ts", 1),
        fact(FactKind::Route, "DELETE /articles/:slug/favorite", "unfavoriteArticle", "src/routes.ts", 2),
    ];
    likely(&mut context, "src/service.ts", 0.4, vec![words(&["article"])], &["favoriteArticle"]);
    likely(&mut context, "src/tags.ts", 0.36, vec![words(&["article"])], &["tags"]);
    context
}

#[test]
fn what_a_new_route_does_is_done_wherever_the_act_beside_it_is() {
    let body = "- `POST /articles/:slug/bookmark` and `DELETE /articles/:slug/bookmark`, signed-in users only\n- An article in any answer has `bookmarked`\n";
    let text = document(&ticket("Users can bookmark articles", body), &[journal()]);
    assert!(text.contains("“bookmark” needs here what `favorited` has: in `mapper` ([`src/mapper.ts:2`]"), "{text}");
    assert!(text.contains("at [`prisma/schema.prisma:2`]"), "{text}");
    assert!(!text.contains("Modify [`src/tags.ts`"), "{text}");
}

#[test]
fn a_route_that_a_sentence_orders_is_asked_for_beside_the_items() {
    let body = "Add `POST /articles/:slug/bookmark`, beside the favourites: a bookmark is private.\n\n- An unknown article is answered with 404\n";
    let text = document(&ticket("Bookmarks", body), &[journal()]);
    assert!(text.contains("- R1 Add `POST /articles/:slug/bookmark`"), "{text}");
    assert!(text.contains("Declare `POST /articles/:slug/bookmark` beside `POST /articles/:slug/favorite`"), "{text}");
}

#[test]
fn what_is_to_be_kept_and_has_no_place_is_said() {
    let tree = MemoryTree::default()
        .file("src/order.rs", FileClass::Source, "pub fn cancel(id: u32) {\n    stop(id);\n}\n")
        .file("migrations/0001_orders.sql", FileClass::Migration, "CREATE TABLE orders (id int);\n");
    let mut context = context("acme/orders", tree);
    context.facts = vec![fact(FactKind::Migration, "0001_orders", "", "migrations/0001_orders.sql", 1)];
    likely(&mut context, "src/order.rs", 0.5, vec![words(&["order", "cancel"])], &["cancel"]);
    let body = "Support wants to know why. `cancel` should take a reason, keep it with the order and show it.\n";
    let text = document(&ticket("Keep why an order was cancelled", body), &[context]);
    assert!(text.contains("R1 wants something kept, and no step makes a place for it"), "{text}");
}
