//! Resources of Rails, and what stands below them.

use super::check;

#[test]
fn what_stands_below_resources_has_the_id_of_one() {
    let shop = "resources :carts, only: %i[index show] do\n  resources :lines\n  resource :address do\n    get 'map'\n  end\n  \
                get 'total'\n  get :open, on: :collection\n  post :empty, on: :member\n  member do\n    put :pay\n  end\n  \
                collection do\n    get 'old'\n  end\n  namespace :admin do\n    resources :notes do\n      resources :copies\n    \
                end\n  end\nend\nget 'ping', to: 'p#i'\n";
    check(
        "ruby",
        shop,
        &[
            ("/carts", 1),
            ("/carts/:cart_id/lines", 2),
            ("/carts/:cart_id/address", 3),
            ("GET /carts/:cart_id/address/map", 4),
            ("GET /carts/:cart_id/total", 6),
            ("GET /carts/open", 7),
            ("POST /carts/:id/empty", 8),
            ("PUT /carts/:id/pay", 10),
            ("GET /carts/old", 13),
            ("/carts/:cart_id/admin/notes", 16),
            ("/carts/:cart_id/admin/notes/:note_id/copies", 17),
            ("GET /ping", 21),
        ],
    );
}

#[test]
fn options_of_resources_are_heard() {
    let named = "resources :people, path: 'staff', param: :slug do\n  resources :addresses\n  put :pay, on: :member\nend\n\
                 resources(:categories, as: :kinds) do\n  resources :items\nend\n";
    check(
        "ruby",
        named,
        &[
            ("/staff", 1),
            ("/staff/:person_slug/addresses", 2),
            ("PUT /staff/:slug/pay", 3),
            ("/categories", 5),
            ("/categories/:kind_id/items", 6),
        ],
    );
}

#[test]
fn resources_that_are_not_certain_give_no_prefix() {
    for head in [
        "resources :carts, shallow: true do",
        "resources :carts, :orders do",
        "resources :carts, path: BASE do",
        "concern :carts do",
        "shallow do",
    ] {
        let text: &'static str = format!("{head}\n  get 'total', to: 'c#t'\nend\n").leak();
        let own: &[(&str, u32)] = match head.starts_with("resources") {
            true => &[("/carts", 1), ("GET /total", 2)],
            false => &[("GET /total", 2)],
        };
        check("ruby", text, own);
    }
    // Elsewhere a symbol is no path.
    check("ruby", "get '/x', to: 'x#y'\nput :total\n", &[("GET /x", 1)]);
}
