require 'json'
require 'gitlab/files'

module Gitlab
  # One JSON file in PostgreSQL's place: tables of rows. Every write is a transaction.
  class Database
    DATA = "#{VAR}/postgresql/data"
    PATH = "#{DATA}/gitlabhq_production.json"
    TABLES = %w[
      application_settings users cloud_connector_keys ai_settings personal_access_tokens licenses add_on_purchases add_on_assignments
      self_hosted_models feature_settings terms ai_messages
    ].freeze

    def self.create
      FileUtils.mkdir_p(DATA, mode: 0o700)
      Files.write("#{DATA}/PG_VERSION", "17\n")
      new.send(:save, {}) unless File.exist?(PATH)
    end

    def tables = JSON.parse(File.read(PATH))

    # The original counts tables: more than one, and the database is taken as loaded and seeded, however far it came.
    def loaded? = tables.size > 1

    def load_schema = save(tables.merge(TABLES.to_h { |name| [name, []] }))

    def rows(table) = tables.fetch(table)

    def replace(table, rows) = save(tables.merge(table => rows))

    def insert(table, row) = replace(table, rows(table) + [{ 'id' => rows(table).size + 1 }.merge(row)])

    private

    def save(tables) = Files.write(PATH, JSON.generate(tables), 0o600)
  end
end
