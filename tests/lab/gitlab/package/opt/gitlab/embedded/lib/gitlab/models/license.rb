# A licence: here a text with a line `add_ons:` such as `add_ons: duo_enterprise=2`. A file is entered without its add-ons, an
# activation code with them, as in the original.
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

  # name => seats
  def add_ons = @data[/^add_ons: (.*)$/, 1].to_s.split.to_h { |pair| pair.split('=') }
end

module GitlabSubscriptions
  # The licence portal: codes that begin with LAB are known to it, and those with NO-DUO come without Duo Enterprise.
  class ActivateService
    def execute(code)
      return ['CONNECTIVITY_ERROR'] if Gitlab::Faults['portal-down']
      return ['INVALID_CODE'] unless code.start_with?('LAB')

      License.new(data: "code #{code}\nadd_ons: #{code.include?('NO-DUO') ? '' : "duo_enterprise=#{code[/\d+/] || 1}"}\n").save
      AddOnPurchases::SelfManaged::ProvisionServices::Duo.new.execute
      []
    end
  end

  module AddOnPurchases
    module SelfManaged
      module ProvisionServices
        class Duo
          def execute
            rows = License.current.add_ons.map { |name, seats| { 'id' => 1, 'name' => name.upcase, 'seats' => seats.to_i } }
            Gitlab::Rails.database.replace('add_on_purchases', rows)
          end
        end
      end
    end
  end
end
