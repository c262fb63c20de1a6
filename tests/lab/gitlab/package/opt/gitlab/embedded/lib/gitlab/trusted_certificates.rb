require 'openssl'
require 'gitlab/files'

module Gitlab
  # Links what lies in /etc/gitlab/trusted-certs to where GitLab's programs look, by the hash of its name. A file with several
  # certificates is passed over.
  module TrustedCertificates
    GIVEN = "#{ETC}/trusted-certs".freeze
    USED = "#{INSTALLED}/embedded/ssl/certs".freeze

    module_function

    def link
      FileUtils.mkdir_p([GIVEN, USED])
      Dir["#{USED}/*"].each { |path| FileUtils.rm_f(path) }
      Dir["#{GIVEN}/*"].sort.each do |path|
        certificates = File.read(path).scan(/^-----BEGIN CERTIFICATE-----$.*?^-----END CERTIFICATE-----$/m)
        next puts(" Skipping #{path}.") unless certificates.one?

        name = format('%08x', OpenSSL::X509::Certificate.new(certificates.first).subject.hash)
        FileUtils.ln_s(path, "#{USED}/#{name}.#{Dir["#{USED}/#{name}.*"].size}")
      end
    end
  end
end
