using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Baker.Tests.Lab;

/// <summary>What GitLab sends with each request: RS256, an hour long, for the gateway alone.</summary>
public static class GitLabToken
{
    public static string Of(string pem)
    {
        using var key = RSA.Create();
        key.ImportFromPem(pem);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = $$"""{"iss":"https://gitlab.lab.test","sub":"lab","aud":"gitlab-ai-gateway","nbf":{{now - 60}},"iat":{{now}},"exp":{{now + 3600}},"gitlab_realm":"self-managed","scopes":["complete_code","duo_chat"]}""";
        var signed = $"{Coded("""{"alg":"RS256","typ":"JWT"}""")}.{Coded(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Coded(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
