require 'json'
require 'openssl'
require 'securerandom'
require 'gitlab/files'

module Gitlab
  # /etc/gitlab/gitlab-secrets.json: made once. Who loses it keeps a database that nobody can read.
  module Secrets
    PATH = "#{ETC}/gitlab-secrets.json"

    module_function

    def all = JSON.parse(Files.read(PATH) || '{}')

    def ensure
      known = all
      rails = known['gitlab_rails'] ||= {}
      rails['db_key_base'] ||= SecureRandom.hex(64)
      rails['otp_key_base'] ||= SecureRandom.hex(64)
      rails['active_record_encryption_primary_key'] ||= [SecureRandom.alphanumeric(32)]
      rails['openid_connect_signing_key'] ||= OpenSSL::PKey::RSA.new(2048).to_pem
      rails['ci_jwt_signing_key'] ||= OpenSSL::PKey::RSA.new(2048).to_pem
      save(known) if known != all
    end

    def set(section, name, value)
      known = all
      (known[section] ||= {})[name] = value
      save(known)
    end

    def save(known) = Files.write(PATH, JSON.pretty_generate(known), 0o600)

    def encrypt(text)
      cipher = OpenSSL::Cipher.new('aes-256-gcm').encrypt
      cipher.key = encryption_key
      iv = cipher.random_iv
      sealed = cipher.update(text) + cipher.final
      [iv, cipher.auth_tag, sealed].map { |part| [part].pack('m0') }.join('.')
    end

    def decrypt(text)
      iv, tag, sealed = text.split('.').map { |part| part.unpack1('m0') }
      cipher = OpenSSL::Cipher.new('aes-256-gcm').decrypt
      cipher.key = encryption_key
      cipher.iv = iv
      cipher.auth_tag = tag
      cipher.update(sealed) + cipher.final
    rescue OpenSSL::Cipher::CipherError
      raise 'ActiveRecord::Encryption::Errors::Decryption'
    end

    def encryption_key = OpenSSL::Digest::SHA256.digest(all.dig('gitlab_rails', 'active_record_encryption_primary_key').to_a.join)
  end
end
