module Gitlab
  module Routes
    # The page that people see first.
    module SignIn
      module_function

      def mount(server)
        server.mount_proc('/') do |request, response|
          request.path == '/' ? response.set_redirect(WEBrick::HTTPStatus::Found, '/users/sign_in') : Puma.not_found(response)
        end
        Puma.answer(server, '/users/sign_in') do |_, response|
          response['Content-Type'] = 'text/html'
          response.body = "<title>Sign in · GitLab</title>#{'<a href="/users/sign_up">Register now</a>' if ApplicationSetting.current.signup_enabled}"
        end
      end
    end
  end
end
