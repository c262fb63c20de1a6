using Baker.Embedded;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Rendering;

/// <summary>No value gets into an artifact but through a quoter of the language it lands in.</summary>
public class TemplateAuditTests
{
    public static TheoryData<string> Names => [.. EmbeddedFiles.Names.Where(n => n.EndsWith(".scriban", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Names))]
    public void A_template_prints_only_what_a_quoter_made(string name) => Assert.Empty(TemplateAudit.Problems(name, EmbeddedFiles.Read(name)));

    [Theory]
    [InlineData("{{ name }}")]
    [InlineData("{{ name | yaml }}{{ other }}")]
    [InlineData("{{ name | string.upcase }}")]
    [InlineData("{{ name | yaml | string.upcase }}")]
    [InlineData("{{ name | md | yaml }}")]
    [InlineData("{{ yaml name }}")]
    [InlineData("{{ (name + 'x') | yaml }}")]
    [InlineData("{{ names[0] | yaml }}")]
    [InlineData("{{ 'literal' }}")]
    [InlineData("{{ `literal` | yaml }}")]
    [InlineData("{{ for x in names }}{{ x }}{{ end }}")]
    [InlineData("{{ for x in names | array.sort }}{{ x | yaml }}{{ end }}")]
    [InlineData("{{ for x in names }}y{{ else }}{{ x }}{{ end }}")]
    [InlineData("{{ if name }}y{{ else if other }}{{ name }}{{ end }}")]
    [InlineData("{{ if name }}y{{ else }}{{ name }}{{ end }}")]
    [InlineData("{{ if (name | yaml) == other }}y{{ end }}")]
    [InlineData("{{ x = name }}{{ x | yaml }}")]
    [InlineData("{{ capture x }}y{{ end }}")]
    [InlineData("{{ while name }}y{{ end }}")]
    [InlineData("{{ case name }}{{ when 'x' }}y{{ end }}")]
    [InlineData("{{ func f; ret name; end }}")]
    [InlineData("{{ with name }}{{ x | yaml }}{{ end }}")]
    [InlineData("{{ include 'x' }}")]
    [InlineData("{{ name | hcl }}")]
    [InlineData("{{ name | ")]
    public void A_template_that_does_more_is_noticed(string template) => Assert.NotEmpty(TemplateAudit.Problems("x.yaml.scriban", template));

    [Theory]
    [InlineData("x.yaml.scriban", "a: {{ name | yaml }}")]
    [InlineData("x.yaml.scriban", "a: {{ for x in names }}{{ if x.y != \"\" }}{{ x.y.z | yaml }}{{ else if !x.w }}{{ x | yaml_block }}{{ else }}b{{ end }}{{ end }}")]
    [InlineData("x.hcl.scriban", "a = {{ name | hcl }}\nb = {%{\"{{ .Packer }}\"}%}\n")]
    [InlineData("x.md.scriban", "{{ name | md }}\n```sh\nls {{ name | sh }}\n```\n{{ name | code }}\n```mermaid\n{{ a | word }}[{{ b | mermaid }}]\n```\n")]
    public void A_template_that_does_not_is_left_alone(string name, string template) => Assert.Empty(TemplateAudit.Problems(name, template));

    [Theory]
    [InlineData("```sh\nls {{ name | md }}\n```\n")]
    [InlineData("```sh\n```\n{{ name | sh }}\n")]
    [InlineData("```mermaid\na[{{ name | sh }}]\n```\n")]
    [InlineData("```json\n{{ name | json }}\n```\n")]
    public void A_quoter_of_another_language_is_noticed(string template) => Assert.NotEmpty(TemplateAudit.Problems("x.md.scriban", template));
}
