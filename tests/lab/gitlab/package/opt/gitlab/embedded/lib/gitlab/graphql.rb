require 'strscan'
require 'gitlab/files'

module Gitlab
  # GraphQL, as far as setting up Duo speaks it: one operation, variables, aliases, nested fields. Every name is held against the
  # schema of the original (schema.graphql) before anything is done.
  module Graphql
    Error = Class.new(StandardError)
    Field = Struct.new(:label, :name, :arguments, :fields)
    Type = Struct.new(:kind, :fields)
    SCALARS = %w[String Int Boolean ID Float].freeze

    # A recursive descent over tokens, for documents and for the schema.
    class Reader
      def initialize(text)
        @tokens = text.gsub(/#.*/, '').scan(/"(?:[^"\\]|\\.)*"|\w+|[{}()\[\]:!$=|]/)
      end

      def done? = @tokens.empty?

      def peek = @tokens.first

      def next(want = nil)
        token = @tokens.shift
        raise Error, "Parse error on \"#{token}\"" if token.nil? || (want && token != want)

        token
      end

      def take(token) = peek == token && self.next

      # [name!]! as written
      def type
        text = take('[') ? "[#{type}#{self.next(']')}" : self.next
        text + (take('!') || '')
      end

      def list(from, to)
        found = []
        return found unless take(from)

        found << yield until take(to)
        found
      end
    end

    module_function

    def schema = @schema ||= read_schema(Reader.new(File.read("#{__dir__}/schema.graphql")))

    def read_schema(reader)
      types = {}
      until reader.done?
        kind = reader.next
        name = reader.next
        fields = kind == 'scalar' ? [] : reader.list('{', '}') { read_field(reader, kind) }
        types[name] = Type.new(kind, fields.to_h)
      end
      types
    end

    def read_field(reader, kind)
      name = reader.next
      return [name, nil] if kind == 'enum'

      arguments = reader.list('(', ')') { [reader.next, reader.next(':') && reader.type] }.to_h
      reader.next(':')
      [name, { type: reader.type, arguments: arguments }]
    end

    def execute(text, variables, resolver)
      reader = Reader.new(text)
      kind = reader.take('query') || reader.take('mutation') || 'query'
      reader.next unless %w[( {].include?(reader.peek)
      declared = reader.list('(', ')') { [reader.next('$') && reader.next, reader.next(':') && reader.type] }.to_h
      declared.each { |name, type| check_value("$#{name}", type, variables[name]) }
      fields(reader).to_h { |field| [field.label, root(kind.capitalize, field, declared, variables, resolver)] }
    end

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

    def root(type, field, declared, variables, resolver)
      return introspect(field) if field.name == '__type'

      known = schema.fetch(type).fields[field.name] or raise Error, "Field '#{field.name}' doesn't exist on type '#{type}'"
      arguments = filled(field.arguments, declared, variables)
      (arguments.keys - known[:arguments].keys).each { |name| raise Error, "Field '#{field.name}' doesn't accept argument '#{name}'" }
      known[:arguments].each { |name, wanted| check_value("#{field.name}.#{name}", wanted, arguments[name]) }
      check_fields(field, known[:type])
      shaped(resolver.public_send(field.name, **arguments.transform_keys(&:to_sym)), field)
    end

    def introspect(field)
      type = schema[field.arguments['name']]
      return unless type

      { 'inputFields' => (type.fields.keys.map { |name| { 'name' => name } } if type.kind == 'input'),
        'enumValues' => (type.fields.keys.map { |name| { 'name' => name } } if type.kind == 'enum') }.slice(*field.fields.map(&:name))
    end

    def filled(value, declared, variables)
      case value
      when Hash then value.transform_values { |v| filled(v, declared, variables) }
      when Array
        raise Error, "Variable $#{value[1]} is used but not declared" unless declared.key?(value[1])

        variables[value[1]]
      else value
      end
    end

    def check_fields(field, type)
      type = schema[type.delete('[]!')]
      raise Error, "Field '#{field.name}' must have selections" if type&.kind == 'type' && field.fields.empty?

      field.fields.each do |inner|
        known = type && type.fields[inner.name] or raise Error, "Field '#{inner.name}' doesn't exist"
        check_fields(inner, known[:type])
      end
    end

    def check_value(where, type, value)
      if value.nil?
        raise Error, "#{where} of type #{type} was provided invalid value (Expected value to not be null)" if type.end_with?('!')
      elsif type.start_with?('[')
        Array(value).each { |one| check_value(where, type.delete_suffix('!')[1..-2], one) }
      else
        check_named(where, type.delete('!'), value)
      end
    end

    def check_named(where, name, value)
      type = schema[name]
      case type&.kind
      when 'enum' then raise Error, "#{where}: Expected \"#{value}\" to be one of: #{type.fields.keys.join(', ')}" unless type.fields.key?(value)
      when 'input'
        (value.keys - type.fields.keys).each { |key| raise Error, "#{where}: Field is not defined on #{name}: #{key}" }
        type.fields.each { |key, field| check_value("#{where}.#{key}", field[:type], value[key]) }
      else
        right = { 'Int' => Integer, 'Boolean' => [true, false] }.fetch(name, String)
        raise Error, "#{where}: Could not coerce value to #{name}" unless Array(right).any? { |r| r === value } && (type || SCALARS.include?(name))
      end
    end

    def shaped(value, field)
      return value if value.nil? || field.fields.empty?
      return value.map { |one| shaped(one, field) } if value.is_a?(Array)

      field.fields.to_h { |inner| [inner.label, shaped(value[inner.name], inner)] }
    end
  end
end
