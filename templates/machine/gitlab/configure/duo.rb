# Sets up GitLab Duo, in GitLab's console: by GraphQL, and by the console's own means what has none. Standard input: the values,
# NUL, then what is to become the licence, if anything is. Prints `licensed` once that is so. Ends with 3: the licence, 4: seats,
# 5: something that GitLab refuses, 6: the licence portal, 7: GitLab, 8: the model, 9: the terms.
%w[date json net/http shellwords].each { |name| require name }

values, given = $stdin.read.split("\0")
values = Shellwords.split(values).to_h { |pair| pair.split('=', 2) }
given = given.to_s.strip
documents = File.read("#{__dir__}/duo.graphql").split(/^(?=\w)/).to_h { |text| [text[/ (\w+)/, 1], text] }
refuse = lambda do |code, *why|
  warn "duo: #{why.join(' ')}"
  exit code
end
root = User.find_by_username('root') || refuse.(7, 'there is no user root')
name = 'Baker: setting up Duo'
root.personal_access_tokens.active.where(name: name).each(&:revoke!)

# IDEs cannot reach the gateway at its private address: GitLab asks it for them.
ApplicationSetting.current.update!(disabled_direct_code_suggestions: true)
# An activation code is short.
if given.size > 99
  made = License.new(data: given)
  refuse.(3, made.errors.full_messages) unless License.all.any? { |known| known.data.strip == given } || made.save
  # Otherwise GitLab does this at night.
  GitlabSubscriptions::AddOnPurchases::SelfManaged::ProvisionServices::Duo.new.execute
end
unless values['duo_terms'].empty? || Ai::TestingTermsAcceptance.has_accepted?
  refuse.(9, 'testing terms') unless values['duo_terms'] == 'accepted'
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
query = lambda do |what, variables = {}, code = 5|
  said = web.post('/api/graphql', { query: documents[what], variables: variables }.to_json, 'Private-Token' => token.token, 'Content-Type' => 'application/json')
  refuse.(7, what, said.code) unless said.code == '200'
  said = JSON.parse(said.body)
  errors = said['errors'] || said['data']['answer'].to_h['errors'].to_a
  refuse.(errors.to_s =~ /connect/i ? 6 : code, what, errors) unless errors.empty?
  said['data']
end
ask = ->(*arguments) { query.(*arguments)['answer'] }

begin
  ask.('activate', { code: given }, 3) if given.size.between?(2, 99)
  known = query.('known')
  add_on = known['addOns'].to_a.find { |a| a['name'] =~ /enterprise/i } || refuse.(3, 'the licence does not cover GitLab Duo Enterprise')
  puts 'licensed'

  # What this version does not know is not sent.
  ask.('settings', { input: JSON.parse(values['duo_settings']).slice(*known['answer']['inputFields'].map { |f| f['name'] }) })
  model = JSON.parse(values['duo_model'])
  there = known['models']['nodes'].find { |m| m['name'] == model['name'] }
  id = (there ? ask.('update', { input: model.merge(id: there['id']) }) : ask.('create', { input: model }))['selfHostedModel']['id']

  # Completions first: before that GitLab has no token of its own for the gateway.
  mapped = values['duo_features'].split
  mapped.partition { |f| f == 'CODE_COMPLETIONS' }.reject(&:empty?).each do |some|
    ask.('map', { input: { features: some, provider: 'SELF_HOSTED', aiSelfHostedModelId: id } })
  end
  left = known['mapped']['nodes'].reject { |f| f['provider'] == 'disabled' }.map { |f| f['feature'].upcase }
  # The parts of Chat follow Chat.
  left = (left - mapped).reject { |f| f.start_with?('DUO_CHAT_') && mapped.include?('DUO_CHAT') }
  ask.('map', { input: { features: left, provider: 'DISABLED' } }) if values['duo_only_self_hosted'] == 'true' && left.any?

  values['duo_seats'].split.each do |person|
    user = ask.('person', { name: person }) || refuse.(4, "there is no user #{person}")
    ask.('seat', { addOn: add_on['id'], user: user['id'] }, 4)
  end

  status = ask.('status')
  refuse.(5, status['probeResults']) unless status['success']
  fine = [0, 5, 10, 20, 40].any? do |pause|
    sleep pause
    result = ask.('check', { input: model })['result']
    result['success'] || warn("duo: #{result}")
  end
  # The same without its three seconds: on processors a model takes longer.
  fine ||= values['duo_probe'] == 'true' && Gitlab::HTTP.post(
    "#{values['gateway_url']}/v1/prompts/model_configuration%2Fcheck", timeout: 180, allow_local_requests: true,
    headers: Gitlab::Llm::AiGateway::CodeSuggestionsClient.new(root).send(:ai_gateway_headers),
    body: { stream: false, inputs: {}, model_metadata: model.merge(name: model['model'].downcase, provider: 'openai', api_key: 'ollama').slice('endpoint', 'identifier', :name, :provider, :api_key) }.to_json
  ).code == 200
  refuse.(8, 'the model does not answer') unless fine
rescue StandardError => e
  refuse.(7, e.message)
ensure
  token.revoke!
end
