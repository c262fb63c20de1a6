module Gitlab
  module Routes
    # Only for those whom the monitoring list names: for everybody else there is no such page.
    module Health
      module_function

      def mount(server)
        guarded(server, '/-/health') { 'GitLab OK' }
        guarded(server, '/-/liveness') { { status: 'ok' } }
        guarded(server, '/-/readiness') { |request, response| readiness(request.query['all'] == '1', response) }
      end

      def guarded(server, path)
        Puma.answer(server, path) do |request, response|
          Puma.monitoring?(request) ? yield(request, response) : Puma.not_found(response)
        end
      end

      def readiness(all, response)
        checks = { master_check: [{ status: 'ok' }] }
        %w[postgresql redis gitaly].each { |name| checks["#{name}_check"] = [{ status: Services.running?(name) ? 'ok' : 'failed' }] } if all
        failed = checks.values.flatten.any? { |check| check[:status] == 'failed' }
        response.status = 503 if failed
        response['Content-Type'] = 'application/json'
        response.body = JSON.generate({ status: failed ? 'failed' : 'ok' }.merge(checks))
      end
    end
  end
end
