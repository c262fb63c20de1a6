# Made by Baker from its values: changes here are overwritten. Your own settings: /etc/gitlab/local.rb
require 'shellwords'
baker = Shellwords.split(File.read('/etc/baker/values', encoding: 'UTF-8')).to_h { |pair| pair.split('=', 2) }

external_url baker['gitlab_url']

# Written out in both cases: left to itself, GitLab takes the self-signed certificate of a first failure for the user's own.
letsencrypt['enable'] = baker['tls'] == 'letsencrypt'
letsencrypt['contact_emails'] = [baker['letsencrypt_email']]
unless baker['letsencrypt_directory'].to_s.empty?
  letsencrypt['acme_production_endpoint'] = baker['letsencrypt_directory']
  letsencrypt['acme_staging_endpoint'] = baker['letsencrypt_directory']
end

gitlab_rails['store_initial_root_password'] = false

if File.read('/proc/meminfo')[/MemTotal: *(\d+)/, 1].to_i < 12_000_000
  puma['worker_processes'] = 2
  sidekiq['concurrency'] = 10
  prometheus_monitoring['enable'] = false
end

unless baker['proxy'].to_s.empty?
  own = ['localhost', '127.0.0.1', baker['gitlab_host'], *baker['network_cidrs'].split, baker['no_proxy']].join(',')
  gitlab_rails['env'] = gitlab_workhorse['env'] = { 'http_proxy' => baker['proxy'], 'https_proxy' => baker['proxy'], 'no_proxy' => own }
end

more = '/etc/gitlab/local.rb'
eval(File.read(more), binding, more) if File.exist?(more)
