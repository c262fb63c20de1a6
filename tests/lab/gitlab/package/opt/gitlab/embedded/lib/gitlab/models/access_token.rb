# Tokens of a person for the API.
class PersonalAccessToken
  attr_reader :name, :token

  def self.rows = Gitlab::Rails.database.rows('personal_access_tokens')

  # Whose it is, while it is valid.
  def self.user_of(token)
    row = rows.find { |r| r['token'] == token && !r['revoked'] && Date.parse(r['expires_at']) > Date.today && r['scopes'].include?('api') }
    row && User.find_by_username(row['username'])
  end

  def initialize(row) = (@name, @token = row.values_at('name', 'token'))

  def revoke!
    Gitlab::Rails.database.replace('personal_access_tokens', PersonalAccessToken.rows.map { |row| row['token'] == token ? row.merge('revoked' => true) : row })
  end

  # Those of one person.
  class Relation
    include Enumerable

    def initialize(username, rows) = (@username, @rows = username, rows)

    def active = Relation.new(@username, @rows.reject { |row| row['revoked'] })

    def where(name:) = Relation.new(@username, @rows.select { |row| row['name'] == name })

    def each(&block) = @rows.map { |row| PersonalAccessToken.new(row) }.each(&block)

    def create!(name:, scopes:, expires_at:)
      row = { 'username' => @username, 'name' => name, 'scopes' => scopes, 'expires_at' => expires_at.to_s, 'token' => "glpat-#{SecureRandom.alphanumeric(20)}", 'revoked' => false }
      Gitlab::Rails.database.insert('personal_access_tokens', row)
      PersonalAccessToken.new(row)
    end
  end
end

class User
  def personal_access_tokens = PersonalAccessToken::Relation.new(username, PersonalAccessToken.rows.select { |row| row['username'] == username })

  def gid = "gid://gitlab/User/#{User.rows.find { |row| row['username'] == username }['id']}"
end
