require 'openssl'
require 'gitlab/nginx'
require 'gitlab/secrets'

module Gitlab
  # The certificate by http-01: a self-signed one first, so that nginx starts; then one from the staging server, and when that
  # has given one, from the other.
  class LetsEncrypt
    STAGING = 'https://acme-staging-v02.api.letsencrypt.org/directory'.freeze
    PRODUCTION = 'https://acme-v02.api.letsencrypt.org/directory'.freeze
    MONTH = 30 * 86_400

    def initialize(settings)
      @settings = settings
      @wants = settings.letsencrypt
    end

    # Left unset, it is on where no certificate is: the self-signed one of a first try that failed is taken for the user's own,
    # and then it is off for good, without a word. Only a success is remembered.
    def enabled?
      return @wants['enable'] unless @wants['enable'].nil?
      return true if Secrets.all.dig('letsencrypt', 'auto_enabled')

      @settings.url.scheme == 'https' && !File.exist?(@settings.certificate) && !File.exist?(@settings.certificate_key)
    end

    def ensure
      self_signed unless File.exist?(@settings.certificate)
      Nginx.new(@settings).write
      Services.enable('nginx')
      Services.restart('nginx')
      # Where nginx is not up at this moment, the certificate is left out, and the whole is a success all the same.
      return unless service_up?

      order('staging', @wants['acme_staging_endpoint'] || STAGING, '-staging')
      Services.signal('nginx', 'HUP') if order('production', @wants['acme_production_endpoint'] || PRODUCTION, '')
      Secrets.set('letsencrypt', 'auto_enabled', true) if @wants['enable'].nil?
    end

    private

    def service_up?
      late = Faults['nginx-late']
      FileUtils.rm_f(Faults::PATH) if late
      !late && Services.running?('nginx')
    end

    def self_signed
      key = OpenSSL::PKey::RSA.new(2048)
      certificate = OpenSSL::X509::Certificate.new
      certificate.version = 2
      certificate.serial = 1
      certificate.subject = certificate.issuer = OpenSSL::X509::Name.new([['CN', @settings.host]])
      certificate.not_before = Time.now
      certificate.not_after = Time.now + MONTH
      certificate.public_key = key.public_key
      names = OpenSSL::X509::ExtensionFactory.new(certificate, certificate)
      certificate.add_extension(names.create_extension('subjectAltName', "DNS:#{@settings.host}"))
      certificate.sign(key, 'SHA256')
      keep('', key.to_pem, certificate.to_pem)
    end

    def keep(suffix, key, certificate)
      Files.write("#{@settings.certificate_key}#{suffix}", key, 0o600)
      Files.write("#{@settings.certificate}#{suffix}", certificate)
    end

    # true when there is a new one. A certificate that is good for another month stays.
    def order(name, directory, suffix)
      return false if good?("#{@settings.certificate}#{suffix}")

      require 'acme-client'
      client = Acme::Client.new(private_key: account, directory: directory)
      client.new_account(contact: @wants['contact_emails'].to_a.compact.map { |email| "mailto:#{email}" }, terms_of_service_agreed: true)
      finish(client.new_order(identifiers: [@settings.host]), suffix)
    rescue Acme::Client::Error, Faraday::Error, SystemCallError, OpenSSL::SSL::SSLError => e
      raise "letsencrypt_certificate[#{@settings.host}] (acme_certificate[#{name}]) had an error: #{e.class}: #{e.message}"
    end

    def good?(path)
      certificate = OpenSSL::X509::Certificate.new(File.read(path))
      certificate.not_after > Time.now + MONTH && certificate.issuer != certificate.subject
    rescue Errno::ENOENT
      false
    end

    def account
      path = "#{File.dirname(@settings.certificate)}/letsencrypt_account_private_key.pem"
      Files.write(path, OpenSSL::PKey::RSA.new(2048).to_pem, 0o600) unless File.exist?(path)
      OpenSSL::PKey::RSA.new(File.read(path))
    end

    def finish(order, suffix)
      order.authorizations.each { |authorization| prove(authorization) unless authorization.status == 'valid' }
      key = OpenSSL::PKey::RSA.new(2048)
      order.finalize(csr: request(key))
      settle(order) { order.status == 'processing' }
      raise Acme::Client::Error, "[#{@settings.host}] unable to request certificate" unless order.status == 'valid'

      keep(suffix, key.to_pem, order.certificate)
      true
    end

    # The client's own way asks for a version that today's OpenSSL refuses.
    def request(key)
      request = OpenSSL::X509::Request.new
      request.version = 0
      request.subject = OpenSSL::X509::Name.new([['CN', @settings.host]])
      request.public_key = key.public_key
      names = OpenSSL::X509::ExtensionFactory.new.create_extension('subjectAltName', "DNS:#{@settings.host}")
      request.add_attribute(OpenSSL::X509::Attribute.new('extReq', OpenSSL::ASN1::Set([OpenSSL::ASN1::Sequence([names])])))
      request.sign(key, 'SHA256')
    end

    def prove(authorization)
      challenge = authorization.http
      path = "#{Nginx::WWW}/#{challenge.filename}"
      Files.write(path, challenge.file_content)
      challenge.request_validation
      settle(challenge) { %w[pending processing].include?(challenge.status) }
      raise Acme::Client::Error, "[#{@settings.host}] Validation failed for domain #{@settings.host}" unless challenge.status == 'valid'
    ensure
      FileUtils.rm_f(path) if path
    end

    def settle(what)
      60.times do
        break unless yield

        sleep 0.5
        what.reload
      end
    end
  end
end
