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

/// Contacts with a nickname, kept by hand-written code in several files and one that only decides by it.
fn contacts() -> MemoryTree {
    MemoryTree::default()
        .file(
            "app/Models/Contact.php",
            FileClass::Source,
            "class Contact\n{\n    protected $fillable = [\n        'nickname',\n    ];\n}\n",
        )
        .file(
            "app/Services/CreateContact.php",
            FileClass::Source,
            "function create($data) {\n  $contact->nickname = $data['nickname'];\n}\n",
        )
        .file(
            "app/Services/UpdateContact.php",
            FileClass::Source,
            "function update($data) {\n  $contact->nickname = $data['nickname'];\n}\n",
        )
        .file(
            "app/Helpers/Greeting.php",
            FileClass::Source,
            "function greeting($contact) {\n  if ($contact->nickname) {\n    return 'Hi';\n  }\n}\n",
        )
        .file("resources/Edit.vue", FileClass::Source, "<input name=\"nickname\">\n")
}

#[test]
fn a_field_goes_wherever_the_one_stands_that_the_ticket_names_beside_it() {
    let mut context = context("acme/people", contacts());
    likely(&mut context, "app/Models/Contact.php", 0.4, vec![words(&["contact"])], &["Contact"]);
    let body = "Add an optional text field \"pronunciation\" to contacts. It is edited beside the nickname.\n";
    let text = document(&ticket("Contacts: how a name is said", body), &[context]);
    for path in ["app/Models/Contact.php:4", "app/Services/CreateContact.php:2", "app/Services/UpdateContact.php:2"] {
        assert!(text.contains("Add `pronunciation` where `nickname` stands: in ") && text.contains(path), "{text}");
    }
    assert!(text.contains("where `nickname` stands: at [`resources/Edit.vue:1`]"), "{text}");
    // What only decides by it is none of its places.
    assert!(!text.contains("Modify [`app/Helpers/Greeting.php`"), "{text}");
    assert!(text.contains("- R2 It is edited beside the nickname."), "{text}");
}

#[test]
fn what_is_decided_by_a_field_is_not_done_where_its_sibling_stands() {
    let body = "Please add a feed setting \"Pause\" (`pause_refresh`), off by default.\n\n- [ ] The setting is kept\n- [ ] When it is on, the refresher of feeds leaves out the feed\n";
    let mut context = reading();
    let tree = reader().file("src/refresher.rs", FileClass::Source, "pub fn run() {\n    all();\n}\n");
    context.tree = std::sync::Arc::new(tree);
    let text = document(&ticket("Option per feed to pause its refresh", body), &[context]);
    assert!(text.contains("**not covered**"), "{text}");
    assert!(text.contains("by name [`src/refresher.rs`]") && text.contains("(AC2) comes closest"), "{text}");
}

#[test]
fn a_field_that_is_called_much_like_the_wanted_one_is_asked_about() {
    let model = "pub struct Version {\n    pub num: String,\n    pub yank_message: Option<String>,\n}\n";
    let tree = MemoryTree::default().file("src/version.rs", FileClass::Source, model);
    let mut context = context("acme/registry", tree);
    likely(&mut context, "src/version.rs", 0.4, vec![words(&["version"])], &["Version"]);
    let body = "Add a text field `yank_reason` to each version, at most 300 characters.\n";
    let text = document(&ticket("Say why a version was yanked", body), &[context]);
    assert!(text.contains("- [ ] `yank_message` ([`src/version.rs:3`]"), "{text}");
    assert!(text.contains("is there already: is the yank_reason something else?"), "{text}");
}

/// Migrations for two databases, in folders by release.
fn notes() -> Context {
    let table = "CREATE TABLE memo (\n  parent_count INTEGER\n);\n";
    let tree = MemoryTree::default()
        .file("store/memo.rs", FileClass::Source, "pub struct Memo {\n    pub parent_count: i32,\n}\n")
        .file("store/db/mysql/memo.go", FileClass::Source, "func create(m Memo) {\n\tsql(\"parent_count\")\n}\n")
        .file("api/memo.go", FileClass::Source, "func answer(m Memo) {\n\tanswer.ParentCount = m.ParentCount\n}\n")
        .file("store/db/sqlite/memo.go", FileClass::Source, "func create(m Memo) {\n\tsql(\"parent_count\")\n}\n")
        .file("migration/mysql/0.27/00__memo.sql", FileClass::Migration, table)
        .file("migration/sqlite/0.27/00__memo.sql", FileClass::Migration, table)
        .file("migration/sqlite/0.9/00__tag.sql", FileClass::Migration, "CREATE TABLE tag (name TEXT);\n");
    let mut context = context("acme/notes", tree);
    let migration = |path: &str| fact(FactKind::Migration, path.rsplit('/').next().unwrap_or(path), "", path, 1);
    context.facts = vec![
        migration("migration/mysql/0.27/00__memo.sql"),
        migration("migration/sqlite/0.27/00__memo.sql"),
        migration("migration/sqlite/0.9/00__tag.sql"),
    ];
    likely(&mut context, "store/memo.rs", 0.4, vec![words(&["memo"])], &["Memo"]);
    context
}

#[test]
fn each_database_gets_its_migration_after_the_newest_by_figures() {
    let body = "Count a view each time somebody opens a memo, and return `view_count` with the memo.\n";
    let text = document(&ticket("Memos: count views", body), &[notes()]);
    for path in ["migration/mysql/0.27/01__memo_view_count.sql", "migration/sqlite/0.27/01__memo_view_count.sql"] {
        assert!(text.contains(&format!("Create `{path}`")), "{path}\n{text}");
    }
    assert!(text.contains("Add `view_count` where `parent_count` stands: in `Memo`"), "{text}");
}

#[test]
fn a_migration_whose_name_a_tool_gives_is_said_to_be_missing() {
    let newest = "alembic/versions/ab12cd_contacts.py";
    let mut context = context("acme/people", contacts().file(newest, FileClass::Migration, "def upgrade(): pass\n"));
    context.facts = vec![fact(FactKind::Migration, "ab12cd_contacts", "", "alembic/versions/ab12cd_contacts.py", 1)];
    likely(&mut context, "app/Models/Contact.php", 0.4, vec![words(&["contact"])], &["Contact"]);
    let body = "Add an optional text field \"pronunciation\" to contacts. It is edited beside the nickname.\n";
    let text = document(&ticket("Contacts: how a name is said", body), &[context]);
    assert!(text.contains("`pronunciation` needs a migration, and no step makes it"), "{text}");
    assert!(!text.contains("No schema change"), "{text}");
}
