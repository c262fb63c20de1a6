module Gitlab
  module Graphql
    # A recursive descent over tokens, for documents and for schemas.
    class Reader
      def initialize(text) = @tokens = text.gsub(/#.*/, '').scan(/"(?:[^"\\]|\\.)*"|\w+|[{}()\[\]:!$=|]/)

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
  end
end
