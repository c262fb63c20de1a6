require 'gitlab/files'

module Gitlab
  # What depends on the version.
  module Release
    SCHEMAS = "#{INSTALLED}/embedded/lib/gitlab/schema".freeze

    module_function

    # 19.4 of 19.4.4-ee
    def minor = VERSION[/\A\d+\.\d+/]

    def since?(other) = (numbers(minor) <=> numbers(other)) >= 0

    # The GraphQL of this version: that of the newest minor with a file that is not newer. Above all of them, one with names that
    # nobody knows. A line `schema=NAME` among the faults names another file, for what is not known of a version.
    def schema
      known = Dir["#{SCHEMAS}/*.graphql"].map { |path| File.basename(path, '.graphql')[/\Agitlab-duo-(\d+\.\d+)\z/, 1] }.compact.sort_by { |name| numbers(name) }
      fit = since?(known.last) && minor != known.last ? 'newer' : known.select { |name| since?(name) }.last
      "#{SCHEMAS}/gitlab-duo-#{Faults['schema'] || fit}.graphql"
    end

    def unheard_of? = schema.end_with?('-newer.graphql')

    def numbers(text) = text.split('.').map(&:to_i)
  end
end
