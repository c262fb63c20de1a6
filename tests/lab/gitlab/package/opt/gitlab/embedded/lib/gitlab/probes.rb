require 'net/http'
require 'socket'
require 'gitlab/release'

module Gitlab
  # What `cloudConnectorStatus` looks at, in each version: ee/lib/cloud_connector/status_checks/probes of 18.9, @063f90c1 (19.0),
  # @8fbce3d3 (19.1) and @be1c96a2 (19.4.1). A probe's name is its class's; the same one may stand there twice.
  class Probes
    Result = Struct.new(:name, :success, :message) do
      def answer = { 'name' => name, 'success' => success, 'message' => message, 'errors' => success ? [] : [message] }
    end

    def initialize(user, settings) = (@user, @settings = user, settings)

    def all = [*own, *vendored, *flows, *agents, *unheard_of]

    private

    def own
      url = @settings['aiGatewayUrl']
      [probe('ai_gateway_url_presence_probe', !url.nil?, url ? "Self hosted AI Gateway URL is set to #{url}." : 'The self hosted AI Gateway URL is not set.'),
       host(url),
       probe('code_suggestions_license_probe', Ability.allowed?(@user, :access_code_suggestions), 'License includes access to Code Suggestions.',
             'License includes access to Code Suggestions, but you lack the necessary permissions to use this feature.')]
    end

    # Features that go to GitLab's own models; nothing of the cloud is reached here.
    def vendored
      return [] unless Rails.database.rows('feature_settings').any? { |row| row['provider'] == 'vendored' }

      [host('https://customers.gitlab.com'), host('https://cloud.gitlab.com'), probe('token_probe', false, 'Access credentials not found.')]
    end

    def flows
      return [] unless Release.since?('19.1')

      [probe('allow_flow_execution_probe', true, 'Flow execution is allowed.'), probe('allow_foundational_flows_probe', true, 'Foundational flows are allowed.'),
       probe('compatible_runner_probe', false, "No instance runner with the 'gitlab--duo' tag is registered. Register an active instance runner with this tag and a Docker-compatible executor " \
                                               '(such as docker, docker-autoscaler, or kubernetes) to run foundational flows.')]
    end

    def agents
      url = @settings['duoAgentPlatformServiceUrl']
      return by_feature(url) unless Release.since?('19.4')

      cloud = probe('duo_agent_platform_probe', false, 'The cloud-connected GitLab Duo Agent Platform service at duo-workflow-svc.runway.gitlab.net:443 is not reachable.')
      own = "The self-hosted GitLab Duo Agent Platform service at #{url} is"
      [(cloud unless License.current&.offline_cloud_license?), (service(url, "#{own} operational.", "#{own} not reachable.") if url)].compact
    end

    # 18.9: where there is a URL; from 19.0 on: where the feature has a model of one's own.
    def by_feature(url)
      mapped = Rails.database.rows('feature_settings').any? { |row| row['feature'] == 'duo_agent_platform' && row['provider'] == 'self_hosted' }
      return [] unless url && (mapped || !Release.since?('19.0')) && Release.since?('18.0')

      [service(url, "GitLab Duo Workflow Service at #{url} is operational.", "GitLab Duo Workflow Service at #{url} is not operational.")]
    end

    def unheard_of = Release.unheard_of? ? [probe('unheard_of_probe', false, 'Nobody has heard of this.')] : []

    def service(url, *words) = probe('duo_agent_platform_probe', reached?(*url.split(':')), *words)

    def host(url)
      return probe('host_probe', false, 'Cannot validate connection to host because the URL is empty.') unless url

      at = URI(url)
      Net::HTTP.start(at.host, at.port, nil, use_ssl: at.scheme == 'https', open_timeout: 5, read_timeout: 5) { |web| web.head('/') }
      probe('host_probe', true, "#{at.host} reachable.")
    rescue StandardError => e
      probe('host_probe', false, "#{at.host} connection failed: #{e.message}.\n\nIf you use firewalls or proxy servers, they must allow traffic to this host.")
    end

    def reached?(host, port)
      Socket.tcp(host, port.to_i, connect_timeout: 5).close
      true
    rescue SystemCallError
      false
    end

    def probe(name, success, good, bad = good) = Result.new(name, success, success ? good : bad)
  end
end
