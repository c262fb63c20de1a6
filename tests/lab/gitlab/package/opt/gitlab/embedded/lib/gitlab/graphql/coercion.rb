module Gitlab
  module Graphql
    # Whether a value is what a type takes, and in whose words it is not: graphql-ruby's (lib/graphql/query/variables.rb,
    # lib/graphql/schema/input_object.rb, enum.rb, version 2.4).
    class Coercion
      SCALARS = { 'Int' => [Integer], 'Boolean' => [TrueClass, FalseClass], 'String' => [String], 'ID' => [String, Integer], 'Float' => [Numeric] }.freeze

      def initialize(schema) = @schema = schema

      # A variable of an operation.
      def variable(name, type, value)
        problems = problems(type, value, [])
        raise Error, "Variable $#{name} of type #{type} was provided invalid value#{problems.map { |at, why| at.empty? ? " (#{why})" : " for #{at.join('.')} (#{why})" }.join(',')}" if problems.any?
      end

      # An argument of a field, written there.
      def argument(field, name, type, value)
        problems(type, value, []).each do |at, why|
          raise Error, "Field '#{field}' is missing required arguments: #{name}" if at.empty? && value.nil?

          raise Error, "Argument '#{[name, *at].last}' on Field '#{field}' has an invalid value (#{value}). Expected type '#{type}': #{why}"
        end
      end

      private

      # [[path, explanation]...]
      def problems(type, value, at)
        if value.nil?
          type.end_with?('!') ? [[at, 'Expected value to not be null']] : []
        elsif type.start_with?('[')
          Array(value).each_with_index.flat_map { |one, i| problems(type.delete_suffix('!')[1..-2], one, [*at, i]) }
        else
          named(type.delete('!'), value, at)
        end
      end

      def named(name, value, at)
        type = @schema[name]
        case type&.kind
        when 'enum' then type.fields.key?(value) ? [] : [[at, "Expected \"#{value}\" to be one of: #{type.fields.keys.join(', ')}"]]
        when 'input' then input(name, type, value, at)
        else
          raise Error, "#{name} isn't a defined input type" unless type || SCALARS.key?(name)

          SCALARS.fetch(name, [String, Integer]).any? { |kind| kind === value } ? [] : [[at, "Could not coerce value #{value.to_json} to #{name}"]]
        end
      end

      def input(name, type, value, at)
        return [[at, "Expected #{value.to_json} to be a key-value object."]] unless value.is_a?(Hash)

        unknown = (value.keys - type.fields.keys).map { |key| [[*at, key], "Field is not defined on #{name}"] }
        unknown + type.fields.flat_map { |key, field| problems(field[:type], value[key], [*at, key]) }
      end
    end
  end
end
