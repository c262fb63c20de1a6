require 'json'

module Gitlab
  # GraphQL, as far as setting up Duo speaks it: one operation, variables, aliases, nested fields. Every name and every variable is
  # held against a schema of the original before anything is done; what a field answers is up to a resolver, one method per field.
  module Graphql
    Error = Class.new(StandardError)
    Field = Struct.new(:label, :name, :arguments, :fields)
  end
end

require 'gitlab/graphql/schema'
require 'gitlab/graphql/coercion'

module Gitlab
  module Graphql
    # One request.
    class Execution
      def initialize(schema, resolver)
        @schema = schema
        @resolver = resolver
        @coercion = Coercion.new(schema)
      end

      def run(text, variables)
        reader = Reader.new(text)
        type = (reader.take('query') || reader.take('mutation') || 'query').capitalize
        reader.next unless %w[( {].include?(reader.peek)
        @declared = reader.list('(', ')') { [reader.next('$') && reader.next, reader.next(':') && reader.type] }.to_h
        @variables = variables
        asked = fields(reader)
        asked.each { |field| check(field, type) }
        @declared.each { |name, wanted| @coercion.variable(name, wanted, variables[name]) }
        asked.to_h { |field| [field.label, answer(field)] }
      end

      private

      def fields(reader)
        reader.list('{', '}') do
          label = reader.next
          name = reader.take(':') ? reader.next : label
          arguments = reader.list('(', ')') { [reader.next, reader.next(':') && value(reader)] }.to_h
          Field.new(label, name, arguments, reader.peek == '{' ? fields(reader) : [])
        end
      end

      def value(reader)
        return [:variable, reader.next] if reader.take('$')
        return reader.list('{', '}') { [reader.next, reader.next(':') && value(reader)] }.to_h if reader.peek == '{'

        token = reader.next
        token.start_with?('"') ? token[1..-2] : token
      end

      # Before anything is done: names, selections and arguments, down to the last field.
      def check(field, type)
        return if field.name == '__type'

        known = @schema[type]&.fields&.fetch(field.name, nil) or raise Error, "Field '#{field.name}' doesn't exist on type '#{type}'"
        given = filled(field.arguments)
        (given.keys - known[:arguments].keys).each { |name| raise Error, "Field '#{field.name}' doesn't accept argument '#{name}'" }
        known[:arguments].each { |name, wanted| @coercion.argument(field.name, name, wanted, given[name]) unless field.arguments[name].is_a?(Array) }
        inner = known[:type].delete('[]!')
        raise Error, "Field must have selections (field '#{field.name}' returns #{inner} but has no selections.)" if @schema[inner]&.kind == 'type' && field.fields.empty?

        field.fields.each { |one| check(one, inner) }
      end

      def filled(value)
        case value
        when Hash then value.transform_values { |v| filled(v) }
        when Array
          raise Error, "Variable $#{value[1]} is used but not declared" unless @declared.key?(value[1])

          @variables[value[1]]
        else value
        end
      end

      def answer(field)
        return shaped(introspect(field), field) if field.name == '__type'

        shaped(@resolver.public_send(field.name, **filled(field.arguments).transform_keys(&:to_sym)), field)
      end

      def introspect(field)
        type = @schema[field.arguments['name']]
        names = type&.fields&.keys&.map { |name| { 'name' => name } }
        type && { 'inputFields' => (names if type.kind == 'input'), 'enumValues' => (names if type.kind == 'enum') }
      end

      def shaped(value, field)
        return value if value.nil? || field.fields.empty?
        return value.map { |one| shaped(one, field) } if value.is_a?(Array)

        field.fields.to_h { |inner| [inner.label, shaped(value[inner.name], inner)] }
      end
    end
  end
end
