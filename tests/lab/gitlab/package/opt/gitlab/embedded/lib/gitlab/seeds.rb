require 'gitlab/rails'

module Gitlab
  # The fixtures of a production database, in their order. Each that fails ends the program, and those after it never run:
  # the next reconfigure finds tables and only migrates.
  module Seeds
    DIRECTORY = File.join(__dir__, 'fixtures')

    module_function

    def run
      Dir["#{DIRECTORY}/*.rb"].sort.each do |path|
        puts "== Seed from #{path}"
        load path
        sleep Faults['seed-slow'].to_f if Faults['seed-slow']
      end
    end
  end
end
