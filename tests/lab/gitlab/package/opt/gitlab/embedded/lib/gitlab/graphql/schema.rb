require 'gitlab/graphql/reader'

module Gitlab
  module Graphql
    Type = Struct.new(:kind, :fields)

    # The types of a schema in GraphQL's own language. A first line `# over FILE` names the schema that this one differs from: what it
    # defines stands in place of the definition of that name there.
    class Schema
      def self.of(path)
        text = File.read(path)
        base = text[/\A# over (\S+)$/, 1]
        new(text, base ? of(File.join(File.dirname(path), base)).types : {})
      end

      attr_reader :types

      def initialize(text, types)
        @types = types.dup
        reader = Reader.new(text)
        until reader.done?
          kind = reader.next
          name = reader.next
          fields = kind == 'scalar' ? [] : reader.list('{', '}') { field(reader, kind) }
          @types[name] = Type.new(kind, fields.to_h)
        end
      end

      def [](name) = @types[name]

      private

      def field(reader, kind)
        name = reader.next
        return [name, nil] if kind == 'enum'

        arguments = reader.list('(', ')') { [reader.next, reader.next(':') && reader.type] }.to_h
        reader.next(':')
        [name, { type: reader.type, arguments: arguments }]
      end
    end
  end
end
