namespace Baker.Tests.Support;

/// <summary>Whole specs with one part replaced, so that a test shows nothing but what it is about.</summary>
public static class SampleSpec
{
    public static string Aws(string place = "{ region: eu-central-1 }", string ollama = "{ models: [llama3.1:8b] }", string rest = "") => $$"""
        version: 1
        name: duo
        cloud: { aws: {{place}} }
        gitlab:
          url: https://gitlab.example.com
          tls: { letsencrypt: { email: ops@example.com } }
          license: { activation_code: { aws_parameter: /duo/activation-code } }
          instance_profile: duo-gitlab
        ollama: {{ollama}}
        duo: { accept_testing_terms: true }
        {{rest}}
        """;

    public static string Google(string place = "{ project: my-project, region: europe-west4 }", string ollama = "{ models: [llama3.1:8b] }", string rest = "") => $$"""
        version: 1
        name: duo
        cloud: { gcp: {{place}} }
        gitlab:
          url: https://gitlab.example.com
          tls: { letsencrypt: { email: ops@example.com } }
          license: { activation_code: { gcp_secret: activation-code } }
          service_account: gitlab@my-project.iam.gserviceaccount.com
        ollama: {{ollama}}
        duo: { accept_testing_terms: true }
        {{rest}}
        """;

    public static string Local(string gitlab = "", string ollama = "{ models: [llama3.1:8b] }", string rest = "") => $$"""
        version: 1
        name: duo
        cloud: { local: {} }
        gitlab:
          url: https://gitlab.desk.test
          tls: { private_ca: generate }
          license: { file: { local_file: ./license } }
          {{gitlab}}
        ollama: {{ollama}}
        duo: { accept_testing_terms: true }
        {{rest}}
        """;
}
