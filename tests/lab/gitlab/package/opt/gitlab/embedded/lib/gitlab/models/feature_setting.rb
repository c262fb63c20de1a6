require 'gitlab/release'

# Which families serve a feature, and what is beta: ee/lib/gitlab/ai/feature_settings/feature_metadata.yml @063f90c1 and @bd8f43d9,
# the states of ee/app/models/ai/self_hosted_model.rb @29c24591.
module Ai
  module FeatureSetting
    ANY = %w[mistral mixtral claude_3 gpt llama3 general].freeze
    AGENTS = %w[claude_3 gpt general mistral gemini].freeze
    CODE = %w[codegemma codellama codestral deepseekcoder].freeze
    BETA = %w[duo_chat_troubleshoot_job duo_chat_explain_vulnerability duo_chat_summarize_comments generate_commit_message summarize_new_merge_request
              resolve_vulnerability summarize_review glab_ask_git_command sast_vulnerability_fp_detection sast_vulnerability_resolution
              secret_vulnerability_fp_detection].freeze
    BETA_MODELS = %w[LLAMA3 CODEGEMMA CODELLAMA DEEPSEEKCODER GEMINI GENERAL EMBEDDING QWEN].freeze

    module_function

    def families(feature)
      case feature
      when /vulnerability_(fp|res)|security_review/ then %w[claude_3 gpt general]
      when /agent|developer|_dap|discovery|bump/ then AGENTS + newer
      when /^code_/ then ANY + CODE + newer
      when /^duo_chat/ then ANY + ['codestral'] + newer
      else ANY + newer
      end
    end

    def newer = Gitlab::Release.since?('19.4') ? ['qwen'] : []

    # Mapping one of these to a model of one's own is a right of its own (@52d0d30b: feature_settings/update.rb).
    def agents?(feature) = feature.match?(/agent|developer/)
  end
end
