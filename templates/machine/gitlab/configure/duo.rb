# Sets up GitLab Duo, in GitLab's console: by GraphQL, and by the console's own means what has none. Standard input: the values,
# NUL, then what is to become the licence, if anything is. Prints `licensed` once that is so, and `left` with the people whom GitLab
# does not know yet. Standard error: `duo:` with a sentence, then `gitlab:` with GitLab's own words. Ends with 3: the licence, 4: seats,
# 5: something that GitLab refuses, 6: the licence portal, 7: GitLab, 8: the model, 9: the terms.
%w[date json net/http shellwords].each { |name| require name }

values, given = $stdin.read.split("\0")
values = Shellwords.split(values).to_h { |pair| pair.split('=', 2) }
given = given.to_s.strip
documents = File.read("#{__dir__}/duo.graphql").split(/^(?=\w)/).to_h { |text| [text[/ (\w+)/, 1], text] }
token = nil
# GitLab may repeat what it was given.
say = ->(text) { warn [given, token&.token].compact.reject(&:empty?).reduce(text) { |all, secret| all.gsub(secret, '[secret]') } }
note = ->(sentence) { say.("duo: note: #{sentence}") }
refuse = lambda do |code, sentence, *words|
  say.("duo: #{sentence}")
  words.flatten.compact.each { |word| say.("gitlab: #{word}") }
  exit code
end
# Classes come and go between versions.
there = ->(constant) { Object.const_get(constant) if Object.const_defined?(constant) }

root = User.find_by_username('root') || refuse.(7, 'there is no user root')
name = 'Baker: setting up Duo'
root.personal_access_tokens.active.where(name: name).each(&:revoke!)

# IDEs cannot reach the gateway at its private address: GitLab asks it for them.
ApplicationSetting.current.update!(disabled_direct_code_suggestions: true)
# An activation code is short. A file brings its add-ons when it is uploaded; of one that lies there already GitLab enters them at night.
if given.size > 99
  if License.all.any? { |known| known.data.strip == given }
    part = 'GitlabSubscriptions::AddOnPurchases::SelfManaged::ProvisionServices'
    (there.("#{part}::AddOns") || there.("#{part}::Duo"))&.new&.execute
  else
    made = GitlabSubscriptions::UploadLicenseService.new({ data: given }, '/admin/subscription').execute
    refuse.(3, 'GitLab does not take this licence file', made.message) if made.error?
  end
end
unless values['duo_terms'].empty? || Ai::TestingTermsAcceptance.has_accepted?
  refuse.(9, "the models of this family are beta, and nobody has accepted GitLab's testing terms") unless values['duo_terms'] == 'accepted'
  Ai::SelfHostedModels::TestingTermsAcceptance::CreateService.new(root).execute
end

scopes = ['api', *('admin_mode' if ApplicationSetting.current.admin_mode)]
token = root.personal_access_tokens.create!(name: name, scopes: scopes, expires_at: Date.today + 1)
# By its own name and certificate, wherever the name leads; nil: by no proxy.
web = Net::HTTP.new(values['gitlab_host'], values['gitlab_port'], nil)
web.ipaddr = '127.0.0.1'
web.use_ssl = true
web.ca_file = '/etc/ssl/certs/ca-certificates.crt'
web.read_timeout = 180
# What GitLab answers to a document, and what it says against it.
query = lambda do |what, variables = {}|
  said = web.post('/api/graphql', { query: documents[what], variables: variables }.to_json, 'Private-Token' => token.token, 'Content-Type' => 'application/json')
  refuse.(7, "GitLab answers HTTP #{said.code} to `#{what}`") unless said.code == '200'
  said = JSON.parse(said.body)
  data = said['data'].to_h
  [data, said['errors'].to_a.map { |error| error['message'] } + (data['answer'] || {})['errors'].to_a]
end
ask = lambda do |what, variables = {}, code = 5, sentence = "GitLab refuses `#{what}`"|
  data, errors = query.(what, variables)
  refuse.(code, sentence, errors) unless errors.empty?
  data['answer']
end

begin
  if given.size.between?(2, 99)
    errors = query.('activate', { code: given })[1]
    refuse.(6, 'the licence portal is not reached', errors) if errors.to_s =~ /connect/i
    refuse.(3, 'the licence portal does not take this activation code', errors) unless errors.empty?
  end
  known, errors = query.('known')
  refuse.(7, 'GitLab does not say what it knows', errors) unless errors.empty?
  names = ->(what) { known[what].to_h.values.flatten.map { |one| one['name'] } }
  # GitLab alone knows which licence is enough: that changed with its versions.
  unless Ability.allowed?(root, :manage_self_hosted_models_settings)
    current = License.current || refuse.(3, 'no licence is in use: it has expired, or begins later')
    offline = current.respond_to?(:offline_cloud_license?) && current.offline_cloud_license?
    add_ons = known['addOns'].to_a.map { |a| a['name'] }
    refuse.(3, "this licence does not allow models of one's own: #{current.plan}, #{'offline, ' if offline}add-ons: #{add_ons.join(' ').then { |all| all.empty? ? 'none' : all }}. " \
               "#{offline ? 'An offline licence needs GitLab Duo Enterprise or GitLab Duo Agent Platform Self-Hosted' : 'It needs Premium or Ultimate; GitLab before 18.9: Ultimate with GitLab Duo Enterprise'}")
  end
  puts 'licensed'

  # What this version does not know is not sent.
  input = ->(what) { JSON.parse(values["duo_#{what}"]).select { |field, _| names.(what).include?(field) } }
  ask.('settings', { input: input.('settings') })
  model = input.('model')
  unless names.('families').include?(model['model'])
    refuse.(5, "this GitLab knows no models of family #{model['model'].downcase}: write another in duo.family, of #{names.('families').join(' ').downcase}")
  end
  old = known['models'].to_h['nodes'].to_a.find { |m| m['name'] == model['name'] }
  id = (old ? ask.('update', { input: model.merge(id: old['id']) }) : ask.('create', { input: model }))['selfHostedModel']['id']

  map = lambda do |features, provider, *rest|
    next if features.empty?

    to = { provider: provider, aiSelfHostedModelId: (id if provider == 'SELF_HOSTED') }.compact
    # 17.9 takes one feature at a time.
    inputs = names.('map').include?('features') ? [to.merge(features: features)] : features.map { |f| to.merge(feature: f) }
    inputs.each { |one| ask.('map', { input: one }, *rest) }
  end
  wanted = values['duo_features'].split
  mapped = wanted & names.('features')
  note.("this GitLab does not know: #{(wanted - mapped).join(' ').downcase}") if mapped != wanted
  refuse.(5, "this GitLab knows none of #{wanted.join(' ').downcase}: duo.features needs others") if mapped.empty?
  agents, classic = mapped.partition { |f| f =~ /AGENT|DEVELOPER/ }
  # Completions first: before that GitLab has no token of its own for the gateway.
  classic.partition { |f| f == 'CODE_COMPLETIONS' }.each { |some| map.(some, 'SELF_HOSTED') }
  map.(agents, 'SELF_HOSTED', 3, 'GitLab does not let agents use this model. An offline licence needs GitLab Duo Agent Platform Self-Hosted for duo_agent_platform in duo.features')
  left = known['mapped'].to_h['nodes'].to_a.reject { |f| f['provider'] == 'disabled' }.map { |f| f['feature'].upcase } & names.('features')
  # The parts of Chat follow Chat.
  left = (left - mapped).reject { |f| f.start_with?('DUO_CHAT_') && mapped.include?('DUO_CHAT') }
  map.(left, 'DISABLED') if values['duo_only_self_hosted'] == 'true'

  # Not every licence has seats. Nobody waits for them: what is wrong with them is said last.
  add_ons = known['addOns'].to_a.sort_by { |a| a['name'] }.reverse
  add_on = add_ons.find { |a| a['name'] =~ /enterprise/i } || add_ons.find { |a| a['name'] =~ /code_suggestions/i }
  short = []
  seated = false
  people = add_on ? values['duo_seats'].split : []
  people = people.reject do |person|
    user = ask.('person', { name: person }) or next
    errors = query.('seat', { addOn: add_on['id'], user: user['id'] })[1]
    short += errors.map { |error| "#{person}: #{error}" }
    seated ||= person == 'root' && errors.empty?
    true
  end
  note.("no user yet: #{people.join(' ')}. They get a seat when they have signed in") if people.any?
  puts "left #{people.join(' ')}"

  # GitLab's check looks at much that this stack does not need: runners for flows, the cloud. It is told, and holds up nothing.
  gateway = URI(values['gateway_url']).host
  bad = ask.('status').to_h['probeResults'].to_a.reject { |probe| probe['success'] }
  needed, others = bad.partition do |probe|
    words = probe.values_at('message', 'errors').join(' ')
    case probe['name']
    when 'ai_gateway_url_presence_probe' then true
    when 'host_probe' then words.include?(gateway)
    when 'code_suggestions_license_probe' then seated && mapped.include?('CODE_COMPLETIONS')
    when 'duo_agent_platform_probe' then agents.any? && !words.include?('cloud-connected')
    end
  end
  tell = ->(probe) { [probe['name'], *probe['errors'], probe['message']].compact.uniq.join(': ') }
  others.each { |probe| note.("GitLab's own check, not needed here: #{tell.(probe)}") }
  refuse.(5, "GitLab's own check of Duo fails", needed.map(&tell)) if needed.any?

  result = {}
  fine = [0, 5, 10, 20, 40].any? do |pause|
    sleep pause
    result = ask.('check', { input: model })['result']
    result['success']
  end
  completions = mapped.include?('CODE_COMPLETIONS')
  # Before 19.3 the check has no token without completions.
  if !fine && !completions && !there.('Gitlab::Llm::AiGateway::SelfHostedModels::ConnectionTester')
    fine = true
    note.('this GitLab cannot check a model that serves no code_completions: baker verify --ask asks a question')
  end
  # The same without its limit of 3 or 15 seconds: on processors a model takes longer.
  fine ||= values['duo_probe'] == 'true' && completions && Gitlab::HTTP.post(
    "#{values['gateway_url']}/v1/prompts/model_configuration%2Fcheck", timeout: 180, allow_local_requests: true,
    headers: Gitlab::Llm::AiGateway::CodeSuggestionsClient.new(root).send(:ai_gateway_headers),
    body: { stream: false, inputs: {}, model_metadata: model.merge(name: model['model'].downcase, provider: 'openai', api_key: 'ollama').slice('endpoint', 'identifier', :name, :provider, :api_key) }.to_json
  ).code == 200
  refuse.(8, 'the model does not answer through the gateway', (result.values_at('errors', 'message').flatten.compact.uniq)) unless fine
  refuse.(4, short.all? { |words| words.include?('NO_SEATS') } ? 'no seat is free' : 'GitLab gives somebody no seat', short) if short.any?
rescue StandardError => e
  refuse.(7, 'GitLab does not answer as it should', "#{e.class}: #{e.message}")
ensure
  token.revoke!
end
