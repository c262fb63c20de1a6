using System.Xml;
using System.Xml.Linq;

namespace Baker.Clouds.Live.Aws.Border;

/// <summary>What a service of AWS answers in XML.</summary>
internal static class AwsXml
{
    /// <returns>Without namespaces; null: it is no XML.</returns>
    public static XElement? Read(string text)
    {
        try
        {
            var root = XElement.Parse(text);
            foreach (var element in root.DescendantsAndSelf())
                element.Name = element.Name.LocalName;
            return root;
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
