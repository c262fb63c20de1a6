# The keys that GitLab signs its own tokens with, for features that are not GitLab's cloud. They lie in the database, encrypted.
module CloudConnector
  class Keys
    def self.all = Gitlab::Rails.database.rows('cloud_connector_keys').map { |row| new(Gitlab::Secrets.decrypt(row['secret_key'])) }

    def self.valid = all

    # The oldest signs; those made later are only published until somebody rotates.
    def self.current = all.first

    def self.create_new_key!
      pem = OpenSSL::PKey::RSA.new(2048).to_pem
      Gitlab::Rails.database.insert('cloud_connector_keys', 'secret_key' => Gitlab::Secrets.encrypt(pem))
      new(pem)
    end

    def self.rotate!
      rows = Gitlab::Rails.database.rows('cloud_connector_keys')
      raise "Key rotation requires exactly 2 keys, found #{rows.size}" unless rows.size == 2

      Gitlab::Rails.database.replace('cloud_connector_keys', rows.reverse)
    end

    def self.trim!
      rows = Gitlab::Rails.database.rows('cloud_connector_keys')
      raise 'Refusing to remove single key, as it is in use' if rows.size < 2

      Gitlab::Rails.database.replace('cloud_connector_keys', rows.first(1))
    end

    attr_reader :pem

    def initialize(pem) = @pem = pem

    def truncated_pem = "#{pem[0, 90]}..."

    def private_key = OpenSSL::PKey::RSA.new(pem)
  end
end
