require 'openssl'

# A person, with a password that the rules accept.
class User
  attr_reader :username, :email, :errors
  attr_writer :password

  # No password may contain these, below 64 characters: the names of the product and of common accounts, and parts of the user's own.
  FORBIDDEN = %w[gitlab devops].freeze

  def self.find_by_username(name) = rows.find { |row| row['username'] == name }&.then { |row| new(row['username'], row['email'], admin: row['admin']) }

  def self.find_by(username:) = find_by_username(username)

  def self.exists?(username:) = !find_by_username(username).nil?

  def self.count = rows.size

  def self.rows = Gitlab::Rails.database.rows('users')

  def initialize(username, email, admin: false)
    @username = username
    @email = email
    @admin = admin
    @errors = []
  end

  def admin? = @admin

  def save
    @errors = problems
    return false if @errors.any?

    salt = SecureRandom.hex(16)
    Gitlab::Rails.database.insert('users', 'username' => username, 'email' => email, 'admin' => @admin, 'salt' => salt, 'encrypted_password' => digest(@password, salt))
    true
  end

  def valid_password?(password)
    row = User.rows.find { |r| r['username'] == username }
    row['encrypted_password'] == digest(password, row['salt'])
  end

  private

  def problems
    found = []
    found << 'Username has already been taken' if User.exists?(username: username)
    found << 'Password is too short (minimum is 8 characters)' if @password.to_s.size < 8
    found << 'Password is too long (maximum is 128 characters)' if @password.to_s.size > 128
    found << 'Password must not contain commonly used combinations of words and letters' if weak?
    found
  end

  def weak?
    text = @password.to_s.downcase
    text.size < 64 && [*FORBIDDEN, username, *email.split(/[@.]/)].any? { |word| word.size > 3 && text.include?(word.downcase) }
  end

  def digest(password, salt) = OpenSSL::KDF.pbkdf2_hmac(password.to_s, salt: salt, iterations: 1000, length: 32, hash: 'sha256').unpack1('H*')
end
