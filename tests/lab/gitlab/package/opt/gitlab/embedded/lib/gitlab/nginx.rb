require 'gitlab/services'

module Gitlab
  # nginx in front of the application: TLS, the redirect, and the place where ACME servers look.
  class Nginx
    CONFIGURATION = "#{VAR}/nginx/conf/nginx.conf".freeze
    WWW = "#{VAR}/nginx/www".freeze

    def initialize(settings) = @settings = settings

    # true when it was another one
    def write
      %w[conf www logs].each { |name| FileUtils.mkdir_p("#{VAR}/nginx/#{name}") }
      FileUtils.mkdir_p('/var/log/gitlab/nginx')
      changed = Files.read(CONFIGURATION) != text
      Files.write(CONFIGURATION, text)
      changed
    end

    private

    def text
      <<~CONF
        worker_processes 1;
        pid #{VAR}/nginx/nginx.pid;
        error_log /var/log/gitlab/nginx/error.log;
        events { worker_connections 256; }
        http {
          access_log /var/log/gitlab/nginx/gitlab_access.log;
          client_body_temp_path client_body_temp; proxy_temp_path proxy_temp; fastcgi_temp_path fastcgi_temp;
          uwsgi_temp_path uwsgi_temp; scgi_temp_path scgi_temp;
          #{plain unless @settings.url.scheme == 'http'}
          server {
            #{@settings.url.scheme == 'https' ? tls : listen(@settings.url.port)}
            server_name #{@settings.host};
            location / {
              proxy_set_header Host $http_host;
              proxy_set_header X-Real-IP $remote_addr;
              proxy_set_header X-Forwarded-Proto #{@settings.url.scheme};
              proxy_pass http://unix:#{VAR}/gitlab-rails/sockets/gitlab.socket;
            }
          }
        }
      CONF
    end

    def tls
      "#{listen(@settings.url.port, ' ssl')} ssl_certificate #{@settings.certificate}; ssl_certificate_key #{@settings.certificate_key}; ssl_protocols TLSv1.2 TLSv1.3;"
    end

    def listen(port, more = '') = (@settings.nginx['listen_addresses'] || ['*']).map { |address| "listen #{address}:#{port}#{more};" }.join(' ')

    def plain
      "server { #{listen(80)} server_name #{@settings.host}; location /.well-known/acme-challenge/ { root #{WWW}/; } " \
        'location / { return 301 https://$http_host$request_uri; } }'
    end
  end
end
