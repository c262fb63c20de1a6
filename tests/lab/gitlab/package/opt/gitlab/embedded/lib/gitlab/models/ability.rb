require 'gitlab/release'

# Who may do what: ee/app/policies/ee/global_policy.rb of 17.9, 18.9 and @be1c96a2 (19.4.1).
class Ability
  class << self
    def allowed?(user, ability)
      case ability
      when :manage_self_hosted_models_settings then user.admin? && own_models?
      when :update_dap_self_hosted_model then user.admin? && agents?
      when :access_code_suggestions, :access_duo_classic_chat then uses?(user)
      else false
      end
    end

    private

    def add_on?(*names) = Gitlab::Rails.database.rows('add_on_purchases').any? { |row| names.include?(row['name']) }

    # Before 18.9: Ultimate with Duo Enterprise.
    def own_models?
      return License.current&.plan == 'ultimate' && add_on?('DUO_ENTERPRISE') unless Gitlab::Release.since?('18.9')

      !!License.current&.premium? && (add_on?('DUO_CORE', 'CODE_SUGGESTIONS', 'DUO_ENTERPRISE') || agents?) && (add_on?('DUO_ENTERPRISE') || agents?)
    end

    def agents? = !License.current&.offline_cloud_license? || add_on?('SELF_HOSTED_DAP')

    # With a seat, or paid by use.
    def uses?(user) = !!License.current&.premium? && (add_on?('GITLAB_CREDITS') || Gitlab::Rails.database.rows('add_on_assignments').any? { |row| row['user'] == user.gid })
  end
end
