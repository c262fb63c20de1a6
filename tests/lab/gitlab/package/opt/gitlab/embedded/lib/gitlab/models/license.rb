require 'gitlab/release'

# A licence: here a text with lines such as `plan: ultimate`, `type: online` and `add_ons: duo_enterprise=2`; without the first two an
# offline licence of Ultimate. A file is entered without its add-ons, an activation code with them, as in the original.
class License
  Errors = Struct.new(:full_messages)
  attr_reader :data

  def self.all = Gitlab::Rails.database.rows('licenses').map { |row| new(data: row['data']) }

  def self.current = all.last

  def initialize(data:) = @data = data

  def errors = Errors.new(@data.include?('add_ons:') ? [] : ['The license key is invalid. Make sure it is exactly as you received it from GitLab Inc.'])

  def save
    return false if errors.full_messages.any?

    Gitlab::Rails.database.insert('licenses', 'data' => @data)
    true
  end

  def plan = @data[/^plan: (.*)$/, 1] || 'ultimate'

  def online_cloud_license? = @data.match?(/^type: online$/)

  def offline_cloud_license? = !online_cloud_license?

  # self_hosted_models and code_suggestions are in Premium and above.
  def premium? = %w[premium ultimate].include?(plan)

  # name => seats
  def add_ons = @data[/^add_ons: (.*)$/, 1].to_s.split.to_h { |pair| pair.split('=') }
end

module GitlabSubscriptions
  # The licence portal: codes that begin with LAB are known to it. A number is seats of Duo Enterprise; CREDITS: usage billing; PREMIUM, STARTER: that plan.
  class ActivateService
    def execute(code)
      return ['CONNECTIVITY_ERROR'] if Gitlab::Faults['portal-down']
      return ['INVALID_CODE'] unless code.start_with?('LAB')

      plan = code[/PREMIUM|STARTER/]&.downcase || 'ultimate'
      add_ons = { 'gitlab_credits' => code.include?('CREDITS') && 1, 'duo_enterprise' => code[/\d+/] }.select { |_, seats| seats }
      License.new(data: "code #{code}\nplan: #{plan}\ntype: online\nadd_ons: #{add_ons.map { |name, seats| "#{name}=#{seats}" }.join(' ')}\n").save
      AddOnPurchases.provision
      []
    end
  end

  # ee/app/services/gitlab_subscriptions/upload_license_service.rb: saves, provides the add-ons of an offline licence, refuses an online one.
  class UploadLicenseService
    Response = Struct.new(:error?, :message)

    def initialize(params, _path) = @license = License.new(data: params[:data])

    def execute
      return Response.new(true, "It looks like you're attempting to activate your subscription. Use the Subscription page instead.") if @license.online_cloud_license?
      return Response.new(true, @license.errors.full_messages.join) unless @license.save

      AddOnPurchases.provision
      Response.new(false, 'The license was successfully uploaded and is now active. You can see the details below.')
    end
  end

  module AddOnPurchases
    def self.provision
      rows = License.current.add_ons.each_with_index.map { |(name, seats), i| { 'id' => i + 1, 'name' => name.upcase, 'seats' => seats.to_i } }
      Gitlab::Rails.database.replace('add_on_purchases', rows)
    end

    module SelfManaged
      module ProvisionServices
        # The class has another name since 18.10, and is gone under the earlier one (@52d0d30b).
        const_set(Gitlab::Release.since?('18.10') ? :AddOns : :Duo, Class.new { def execute = AddOnPurchases.provision })
      end
    end
  end
end
