# The one row of the instance's settings.
class ApplicationSetting
  DEFAULTS = {
    'signup_enabled' => true, 'password_authentication_enabled_for_web' => true, 'uuid' => nil, 'disabled_direct_code_suggestions' => false, 'admin_mode' => false,
  }.freeze

  def self.current = Gitlab::Rails.database.rows('application_settings').first&.then { |row| new(row) }

  def self.create_from_defaults
    Gitlab::Rails.database.insert('application_settings', DEFAULTS.merge('uuid' => SecureRandom.uuid))
  end

  def initialize(row) = @row = row

  def update!(values)
    unknown = values.keys.map(&:to_s) - @row.keys
    raise "ActiveModel::UnknownAttributeError: unknown attribute '#{unknown.first}' for ApplicationSetting." if unknown.any?

    @row = @row.merge(values.transform_keys(&:to_s))
    Gitlab::Rails.database.replace('application_settings', [@row])
    true
  end

  def method_missing(name, *) = @row.key?(name.to_s) ? @row[name.to_s] : super

  def respond_to_missing?(name, *) = @row.key?(name.to_s)
end
