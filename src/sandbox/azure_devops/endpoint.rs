//! The endpoints that the sandbox's Azure DevOps has, by name.

use axum::routing::MethodFilter;

/// An endpoint: a method and a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    Token,
    ConnectionData,
    Identities,
    Descriptor,
    Memberships,
    Membership,
    Groups,
    Group,
    GraphUser,
    AccessControlLists,
    OwnPermissions,
    Projects,
    Project,
    Teams,
    TeamMembers,
    Areas,
    WorkItem,
    WorkItems,
    WorkItemStates,
    Updates,
    Revision,
    PatchWorkItem,
    ListComments,
    CreateComment,
    GetComment,
    EditComment,
    DeleteComment,
    ListReactions,
    React,
    Unreact,
    UploadAttachment,
    Attachment,
    Repositories,
    Repository,
    Wikis,
    WikiPage,
    WriteWikiPage,
    DeleteWikiPage,
    Subscription,
    Notifications,
    Notification,
}

const GET: MethodFilter = MethodFilter::GET;
const POST: MethodFilter = MethodFilter::POST;
const PUT: MethodFilter = MethodFilter::PUT;
const PATCH: MethodFilter = MethodFilter::PATCH;
const DELETE: MethodFilter = MethodFilter::DELETE;

impl Endpoint {
    /// The endpoints of a collection: method and path behind `{collection}/_apis`.
    #[rustfmt::skip]
    pub const COLLECTION: [(Self, MethodFilter, &'static str); 23] = [
        (Self::ConnectionData, GET, "/connectiondata"),
        (Self::Identities, GET, "/identities"),
        (Self::Descriptor, GET, "/graph/descriptors/{key}"),
        (Self::Memberships, GET, "/graph/memberships/{subject}"),
        (Self::Membership, GET, "/graph/memberships/{subject}/{container}"),
        (Self::Groups, GET, "/graph/groups"),
        (Self::Group, GET, "/graph/groups/{subject}"),
        (Self::GraphUser, GET, "/graph/users/{subject}"),
        (Self::AccessControlLists, GET, "/accesscontrollists/{namespace}"),
        (Self::OwnPermissions, GET, "/permissions/{namespace}/{bits}"),
        (Self::Projects, GET, "/projects"),
        (Self::Project, GET, "/projects/{project}"),
        (Self::Teams, GET, "/projects/{project}/teams"),
        (Self::TeamMembers, GET, "/projects/{project}/teams/{team}/members"),
        (Self::Subscription, GET, "/hooks/subscriptions/{subscription}"),
        (Self::Notifications, GET, "/hooks/subscriptions/{subscription}/notifications"),
        (Self::Notification, GET, "/hooks/subscriptions/{subscription}/notifications/{notification}"),
        (Self::WorkItem, GET, "/wit/workitems/{id}"),
        (Self::PatchWorkItem, PATCH, "/wit/workitems/{id}"),
        (Self::WorkItems, POST, "/wit/workitemsbatch"),
        (Self::Updates, GET, "/wit/workitems/{id}/updates"),
        (Self::Revision, GET, "/wit/workitems/{id}/revisions/{revision}"),
        (Self::UploadAttachment, POST, "/wit/attachments"),
    ];

    /// The endpoints of a project: method and path behind `{collection}/{project}/_apis`.
    #[rustfmt::skip]
    pub const PROJECT: [(Self, MethodFilter, &'static str); 23] = [
        (Self::WorkItemStates, GET, "/wit/workitemtypes/{type}/states"),
        (Self::Updates, GET, "/wit/workitems/{id}/updates"),
        (Self::Revision, GET, "/wit/workitems/{id}/revisions/{revision}"),
        (Self::Areas, GET, "/wit/classificationnodes/areas"),
        (Self::WorkItem, GET, "/wit/workitems/{id}"),
        (Self::PatchWorkItem, PATCH, "/wit/workitems/{id}"),
        (Self::ListComments, GET, "/wit/workitems/{id}/comments"),
        (Self::CreateComment, POST, "/wit/workitems/{id}/comments"),
        (Self::GetComment, GET, "/wit/workitems/{id}/comments/{comment}"),
        (Self::EditComment, PATCH, "/wit/workitems/{id}/comments/{comment}"),
        (Self::DeleteComment, DELETE, "/wit/workitems/{id}/comments/{comment}"),
        (Self::ListReactions, GET, "/wit/workitems/{id}/comments/{comment}/reactions"),
        (Self::React, PUT, "/wit/workitems/{id}/comments/{comment}/reactions/{reaction}"),
        (Self::Unreact, DELETE, "/wit/workitems/{id}/comments/{comment}/reactions/{reaction}"),
        (Self::UploadAttachment, POST, "/wit/attachments"),
        (Self::Attachment, GET, "/wit/attachments/{attachment}"),
        (Self::Repositories, GET, "/git/repositories"),
        (Self::Repository, GET, "/git/repositories/{repository}"),
        (Self::Wikis, GET, "/wiki/wikis"),
        (Self::WikiPage, GET, "/wiki/wikis/{wiki}/pages"),
        (Self::WriteWikiPage, PUT, "/wiki/wikis/{wiki}/pages"),
        (Self::DeleteWikiPage, DELETE, "/wiki/wikis/{wiki}/pages"),
        (Self::Project, GET, "/projects/{project}"),
    ];

    /// Exists only under preview versions, which the caller has to say.
    pub fn is_preview(self) -> bool {
        use Endpoint as E;
        matches!(
            self,
            E::ConnectionData
                | E::ListComments
                | E::CreateComment
                | E::GetComment
                | E::EditComment
                | E::DeleteComment
                | E::ListReactions
                | E::React
                | E::Unreact
                | E::WorkItemStates
                | E::Descriptor
                | E::Memberships
                | E::Membership
                | E::Groups
                | E::Group
                | E::GraphUser
        )
    }
}
