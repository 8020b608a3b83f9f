/**
 * What people say who want what a tool does, without a word of its own: for each tool, sentences with commas between them. They
 * are not shown to models.
 */
export const SENTENCES = `
whoami: who do you think I am, what am I allowed to touch, as which person am I connected, do I have enough rights for this, is this connection read only
get_skill: walk me through a usual job, recipe for getting a customer going, teach me how this is normally done, instructions step after step
find_tools: what else can you do, is there something for this job, look for another function
call_tool: run the function that you found, use that other one
search_docs: where is this explained, read up on how to build it, sample code for my app, what does the manual say
get_docs_page: read me the entire article, open that page of the manual
get_status: how are we doing, give me a quick summary, how many clients and people are in here, anything half finished
get_workspace_status: summary over all our setups, compare staging with live, everything on one sheet
check_production_readiness: are we good to go, what did we forget before we open to the public, is it safe to release, list of things left to fix before the big day
list_environments: which setups do we have, do we have a staging, is there a live one and a test one
get_environment_details: what is the address of our live setup, where in the world is it hosted, which web address belongs to staging
create_environment: I need a playground, give us a separate place for testing, another copy for the demo
update_environment: the staging place should be called otherwise, give this setup a better label
get_environment_session_settings: after how much time are people kicked out, how long can somebody stay logged in, do logins expire when idle
update_environment_session_settings: people complain they are logged out too soon, force everyone to log in daily, shorten how long you stay in, log idle folks out
get_environment_user_management: may strangers sign themselves up, for how many days is an invite good, what rules hold for newcomers
update_environment_user_management: nobody should be able to register on their own, refuse gmail addresses, let invites last two weeks, block temporary mailboxes
list_environment_features: which experiments are switched on, what beta things do we have, flags
set_environment_feature: try out the beta, switch the experiment off, turn that preview on
get_portal_branding: what do our login screens look like, which logo and colours are shown, are our company colours set
get_custom_domain_dns_records: what must our hosting guy enter so our own address works, which records for our own web address
check_custom_domain_status: does our own address work yet, is the vanity address live, how far is our own login address
set_custom_domain: customers should see our own web address while signing in, log in at our own address, replace the scalekit address by ours
verify_custom_domain_dns: I entered the records for our address look again, are the records for our own address there
list_environment_roles: what kinds of users exist in our app, which job levels are there, what can admins and editors do
get_environment_role: what is an editor able to do, how many people are editors, tell me about this job level
create_environment_role: we need a new kind of user called auditor, invent a level for accountants, introduce a read only level
update_environment_role: the editor level should be named author, describe what this level is for, change what editors may do
delete_environment_role: nobody uses this level any more, get rid of the auditor kind, fold the viewers into the members
set_default_roles: what people become when they sign up, whoever founds a company should be its admin, new folks should start as viewers
list_permissions: which rights are there at all, all the things users can be allowed to do, catalogue of abilities
create_permission: a new right for exporting reports, introduce the ability to approve payments, define a thing that users may be allowed to do
update_permission: explain better what this right means, the text of this ability is wrong
delete_permission: we no longer have that ability, scrap the right to export
list_role_permissions: what can a manager do exactly, may editors delete things, rights of the viewer level
add_permissions_to_role: editors should be able to publish as well, let managers approve invoices, widen what viewers can do
remove_permission_from_role: editors must not delete things any more, narrow what managers can do
list_environment_scopes: what can programs ask for, which oauth permissions exist
create_environment_scope: programs should be able to request reading invoices, new thing an app can ask for
update_environment_scope: explain that oauth permission, switch an oauth permission off for now
delete_environment_scope: no program should be able to request that any more
get_environment_credentials: keys for my code, what do I paste into my config file, client id of our app, where is my api key
list_environment_clients: which apps share our login, what programs are hooked up, our mobile and web apps
create_environment_client: we also have an iphone app that should log in, add our second website, the mobile app needs its own login
update_environment_client: only our office network may use this app, rename the mobile app, tokens of the web app should last longer
delete_environment_client: we shut down the old mobile app, the second website is gone
create_client_secret: I lost the password of our app, our key is about to be changed give me a second one, new key for the backend
deactivate_client_secret: turn the old key off but keep it for now, block that key temporarily
delete_client_secret: the old key is no longer needed, somebody saw our app key get rid of it
list_redirect_uris: where are people sent after signing in, which return addresses are set
add_redirect_uri: login refuses to come back to my site, after sign in bring them to our new page, permit the new return address, works locally but not on the new server
remove_redirect_uri: the old return address must go, people must not be sent back to the old site
set_initiate_login_uri: where our login begins, the tile in okta should lead to our start page, invitation links should open our login page
remove_initiate_login_uri: no start page for logins any more
add_post_logout_redirect_uri: after signing off show our homepage, where people go when they leave
remove_post_logout_redirect_uri: do not send people to that page when they leave
add_back_channel_logout_uri: tell my server when somebody signs off, ping us as people leave
remove_back_channel_logout_uri: stop telling my server about people leaving
list_workspace_members: who of us has a login here, which colleagues are in, our staff with access to this console
invite_workspace_member: new developer needs to get in here, give my coworker a login for this, get my business partner into this account
get_workspace_member: has my colleague accepted already, what may my coworker do here, is she one of our admins
remove_workspace_member: somebody of our staff quit, take my former coworker out, the freelancer is finished with us
get_workspace: what is our account called, in which region are we, is there trouble with our payment
get_workspace_usage: how big will our bill be, are we near our limits, what do we spend on this, how many active people were counted
list_dashboard_roles: which levels can our own staff have here, what can a developer do in this console
list_dashboard_permissions: which dangerous things can staff be allowed, everything our staff can be permitted here
assign_dashboard_role: my coworker should be able to change everything, make the new guy only look, give the lead more power in here, take power away from a coworker
list_member_environment_roles: what may my coworker do in staging and in live, is he an admin everywhere
clear_member_environment_role: treat her in live like everywhere else, drop the exception for him in staging
list_organizations: who are our clients, which firms use us, all the companies, our accounts by name
get_organization_details: tell me about this client, what do we know of that firm, which options does that company have, our own number for that client
create_organization: we won a new client, set up an account for a firm, a school wants to start using us, open a fresh tenant
update_organization: the client changed its name, put our customer number on that firm, attach a note to a client, new logo for the firm
delete_organization: the client left us for good, remove everything of that firm, the trial company can go, close the account of a customer
list_organization_users: who works at this client, staff of the firm, all folks of that customer, how many people does the company have in here
create_organization_user: give somebody at the client access, the firm hired a person who needs a login, get her an account at that company, let a new teacher into the school
list_users: look someone up by their address, find a person, everybody who has a login, who has that mail address
get_user: tell me about this person, for which companies does he work, what do we know about her
update_user: fix a typo in a name, she married and is called otherwise, new phone number, change the language of a person
delete_user: he wants all of his data gone, forget this person under privacy law, remove a person completely
add_user_to_organization: he also works for another client, the consultant needs to get into a second company, one login for two firms
update_organization_membership: from now on he is only a viewer there, swap what she may do at that firm, replace everything he can do there
remove_user_from_organization: somebody quit at a client, she should no longer see that firm, take the consultant out of one company
resend_user_invite: the invitation got lost, he says no mail came, the join link ran out, remind someone to accept
list_user_roles: is she an admin at that firm, what is his position in that company
assign_user_roles: make her an administrator of her company, he got promoted, let him manage billing at that firm, additionally she becomes an approver
remove_user_role: he is no longer admin there, take approval away from her, demote someone at a client
list_user_permissions: may he see invoices, what is she able to do there, why can he not open that page
list_user_sessions: where is this person signed in, when was he last here, which phones and computers does she use, from which place did he log in
revoke_session: sign her out on her phone, end just that one login, he forgot to log off at the library
revoke_all_user_sessions: his laptop was stolen, log this person out everywhere, the account was taken over, get the hacker out
list_user_passkeys: does she log in with her fingerprint, which keys did he set up, can he sign in without a password
delete_user_passkey: he lost his key, her old phone still unlocks the account, throw away the fingerprint login
generate_admin_portal_link: their IT should set up the login themselves, give the customer a page where they do it on their own, self service for the tech people at a client
list_admin_portal_links: did we send their IT a link already, are there open setup links, until when is the setup page good
revoke_admin_portal_link: I mailed the setup page to the wrong one, close the setup page again
list_organization_roles: which levels does that client have, special roles of one firm
create_organization_role: this one client wants its own kind of user, a special level just for that school
update_organization_role: rename the special level of that client, change what their own role may do
delete_organization_role: that client no longer needs its own level
set_default_organization_role: what people of that client become when they join, newcomers of that firm get only reading
update_organization_settings: allow that client to use single sign on, they paid for company login so switch it on, switch off directory sync for the firm
get_organization_session_policy: how long do people of that bank stay in, does the client have its own timeout
update_organization_session_policy: the bank wants its people logged out after fifteen minutes, stricter timeout just for one client, let that firm use the normal timeout again
set_organization_user_limit: they bought twenty seats, the plan of that client allows ten people, lift the cap for the firm
list_organization_domains: which mail endings belong to the client, is their address ending confirmed, what must they put into dns
add_organization_domain: people with that mail ending belong to the client, they own another address, route everyone of that ending to their login
verify_organization_domain: they say the txt record is in look now, confirm that they own the address, is the ownership proven
update_organization_domain: people of that ending should use the other login, point the mail ending elsewhere
delete_organization_domain: they sold that address, that mail ending is no longer theirs
list_organization_clients: which programs of the customer can call us, when was their key last used, robots of a client
create_organization_client: the customer wants to script against our api, their server must talk to us, let their nightly job in, machine login for a client
update_organization_client: their program needs to do more, rename the integration of a client, their tokens live too briefly
delete_organization_client: they stopped their integration, shut out the program of the client
create_organization_client_secret: the customer lost the password of its program, second key for their integration before the change
delete_organization_client_secret: the old key of their program can go, their integration key got out
list_api_tokens: which keys did we give that client, whose keys are still alive, personal keys of a user
create_api_token: they want a key to call us, personal key for a user, hand a customer a long lived key
invalidate_api_token: their key was published, stop that key from working, the person with the key quit
list_environment_connections: which ways to log in do we offer, all identity providers, can people use google or microsoft, logins that are not finished
list_organization_connections: how do people of that client sign in, has the company its own login, which provider does the firm use
create_environment_oidc_connection: people should be able to use their github account, add a button to sign in with microsoft, let everyone use linkedin
update_environment_oidc_connection: put in the id and secret google gave us, the google secret changed
enable_environment_connection: the google button can appear now, make the login live for everybody
get_environment_connection: what must I enter at google, show the setup of that login button
disable_environment_connection: hide the github button for now, stop that login for a while
delete_environment_connection: we do not want the linkedin button any more, throw that login away
get_connection_test_result: I tried the new login what happened, which details came over in the trial, did the trial run go well
diagnose_connection: staff of that firm cannot get in, they only see an error when signing in, company login stopped working, why are they bounced at the door
search_organization_connections: which login does this address end up in, all clients that use okta, who has unfinished company login
get_organization_connection: what does their IT have to enter, show how that company login is set up, which certificate do they use
create_organization_connection: the client wants to use its own microsoft login, begin with company login for a firm, they run okta and want it with us
update_organization_oidc_connection: their okta secret changed, enter what the client sent us for openid
update_organization_saml_connection: their certificate ran out here is the new one, enter the metadata they mailed, new sign in address of their provider
assign_domains_to_connection: everybody with these endings goes through that login, which addresses use the company login
enable_organization_connection: their company login is finished let it go live, from today they use their own login
disable_organization_connection: pause their company login, let the client use passwords for a while
delete_organization_connection: they stop using okta with us, remove the old company login of the firm
list_organization_directories: does the firm push its staff to us, is the people sync on, which hr feed do they have
get_organization_directory: when did staff last come over, what address must okta push to, how many people came from there
create_organization_directory: the client wants its staff to appear by themselves, automatic accounts from their azure, hook up their hr list
update_organization_directory: their staff list now comes from azure in place of okta, other name for the people feed
enable_organization_directory: start taking over their staff, resume the people feed
disable_organization_directory: stop taking over their staff, hold the automatic accounts
delete_organization_directory: they no longer push people to us, get rid of the staff feed
list_directory_users: which staff came over automatically, did the new hire arrive from okta, people that their hr sent
list_directory_groups: which departments came over, teams they push to us
create_directory_secret: what key does okta need to push people, password for the staff feed
regenerate_directory_secret: the key of the staff feed got out, new key for pushing people old one dead
sync_organization_directory: the newest staff are missing fetch again, bring the people list up to date, refresh who works there
assign_directory_group_roles: whoever is in the admins team at the client should be admin here, departments decide what people can do
list_mcp_servers: which mcp things do we protect, our servers for ai
get_mcp_server: settings of our mcp server, what may clients ask of it, what do I publish for it
check_mcp_server_discovery: can ai apps discover our server, is the metadata right
diagnose_mcp_server: cursor cannot connect to our server, the ai app gets an error at our server, chatgpt does not get in
register_mcp_server: protect our server for ai with a login, put sign in before my mcp, lock the server so that only known people use it
update_mcp_server: our mcp moved to another address, let its tokens live longer, allow a further scope there
set_mcp_server_client_policy: only claude may connect to our server, which ai apps are welcome
switch_mcp_auth_to_scalekit: let scalekit do the login of our mcp server in place of our own
delete_mcp_server: we shut our mcp server down, no longer protect that server
list_mcp_server_clients: which ai apps connected to our server, who registered there
get_mcp_server_client: tell me about that ai app at our server
create_mcp_server_client: our own bot needs an id for the mcp server, the app cannot register itself
update_mcp_server_client: other return address for the ai app at our server, let the bot do more there
delete_mcp_server_client: throw that ai app off our server
create_mcp_client_secret: the bot at our mcp needs another key
delete_mcp_client_secret: old key of the bot at our mcp can go
list_mcp_user_consents: who allowed claude in, which people said yes to ai apps, what did users agree to
revoke_mcp_user_consent: he does not want cursor to act for him any more, take back the yes to an ai app
list_mcp_configs: which bundles of tools do our agents have, templates for agents
get_mcp_config: what is in that bundle of tools, address of the agent bundle
create_mcp_config: bundle mail and calendar for our assistant, decide what the agent can reach
update_mcp_config: add calendar to the bundle, the agent should lose a tool
delete_mcp_config: we no longer need that bundle
list_mcp_config_connected_accounts: which of the apps has this user not hooked up yet for the assistant, what is missing before the agent can work for him
create_mcp_session_token: the agent needs a pass for this user, short lived key for the assistant
ensure_mcp_instance: own address of a user for the agent
list_mcp_instances: addresses for single users
get_mcp_instance: tell me about the address of one user
get_mcp_instance_auth_state: has the user of that address hooked up everything
delete_mcp_instance: close the address of one user
list_agent_tools: what can the assistant do in slack, which actions are there for gmail, abilities of our bot
search_tools: is there an action for making calendar entries, find an action to post messages
execute_agent_tool: send a mail as this user, post into the channel for her, put an entry in his calendar, open a ticket in jira for me
list_connected_accounts: who hooked up their mailbox, whose gmail stopped working, which people linked slack
search_connected_accounts: did anna link her calendar, find the linked mailbox of a person
get_connected_account: does his link to gmail still work, is her slack still hooked up
create_connected_account_magic_link: let a user hook up his mailbox, she has to link her calendar again, give him a page to allow access
disconnect_connected_account: unhook her gmail for now, the bot must not read his mail any more
delete_connected_account: forget her link to slack, wipe the stored access to his mailbox
list_app_connections: which outside apps are set up for our bots, is salesforce set up
search_connectors: do you support notion, which apps can bots use, can it work with trello
create_custom_connector: our own system should be usable by bots, hook up an app you do not have
update_custom_connector: our own system moved to another address, new picture for our own app
delete_custom_connector: bots no longer need our own system
list_auth_logs: who tried to get in last night, failed attempts, did she manage to log in yesterday, somebody guesses passwords
list_events: who changed that setting, what happened since yesterday, who deleted the client, trail for the auditor
list_tool_call_logs: what did our bot do today, did the message go out, which actions of the assistant failed
get_tool_call_log: why did that one action fail, details of a single run of the bot
get_agent_analytics: how reliable are our bots, which app gives most errors, are failures going up
get_webhook_portal_url: where can I set up notifications to our server, which notifications were not delivered, play missed notifications again
send_test_webhook_event: try whether our server gets notifications, ping my listener with a fake one
`;
