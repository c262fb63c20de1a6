using System.Collections.Immutable;
using Baker.Diagnostics;
using Baker.Language.Secrets;
using Baker.Language.Values;
using Baker.Language.Yaml;

namespace Baker.Language.Shapes;

/// <summary>Compares a tree from the file with a tree of shapes; keeps what fits and reports the rest.</summary>
/// <param name="secrets">The kinds of references that there are.</param>
/// <param name="store">Where the spec's cloud keeps secrets; null when no cloud could be made out.</param>
public sealed class ShapeChecker(DiagnosticBag bag, SourceText source, ImmutableArray<SecretKind> secrets, SecretKind? store)
{
    private readonly string _forms = SecretForms.Of(secrets, store);

    public SpecNode? Check(YamlNode? node, Shape shape, SpecPath path, string key = "")
    {
        if (node is null)
            return null;
        if (node is YamlScalar { IsNull: true })
            return Broken(node, path, ShapeMessages.NoValue(key));
        return shape switch
        {
            MapShape map => CheckMap(node, map.Keys, path, key),
            ChoiceShape choice => CheckChoice(node, choice, path, key),
            EitherShape either => Check(node, node is YamlScalar ? either.Brief : either.Full, path, key),
            ListShape list => CheckList(node, list, path, key),
            TableShape table => CheckTable(node, table, path, key),
            SecretShape secret => CheckSecret(node, secret, path, key),
            _ when node is not YamlScalar => Broken(node, path, ShapeMessages.NotASingleValue(key)),
            _ => CheckScalar((YamlScalar)node, shape, path, key),
        };
    }

    private SpecText? CheckScalar(YamlScalar node, Shape shape, SpecPath path, string key)
    {
        var format = (shape as TextShape)?.Format;
        if (Pem.HoldsPrivateKey(node.Text))
            return Refused(node, path, SecretMessages.PrivateKey());
        if (KnownSecret.Find(node.Text) is { } kind)
            return Refused(node, path, SecretMessages.Known(kind, _forms));
        if (UserInfo.Find(node.Text) || (format is { MayHaveLogin: true } && UserInfo.FindBare(node.Text)))
            return Refused(node, path, SecretMessages.UserInfo());
        if (ScalarProblem.Of(node, shape, key) is not { } problem)
        {
            if (Placeholder.Find(node.Text) is { } placeholder)
                bag.Add(path, ShapeMessages.PlaceholderStays(placeholder));
            return new SpecText(node.Text);
        }
        if (format is { IsDelicate: true })
            SecretLines.Hide(source, node);
        if (problem.Lookalike is { } found)
            LooksAlike(node.Spot, found, path);
        else
            Report(path, problem.Message);
        return null;
    }

    /// <summary>Reported where the character stands; in a block, where that begins.</summary>
    private void LooksAlike(Spot from, Lookalike found, SpecPath path)
    {
        var line = source.Raw(from.Line);
        var column = line.IndexOf(found.Seen, Math.Min(from.Column - 1, line.Length));
        bag.AddAt(path, column < 0 ? from : new Spot(from.Line, column + 1, 1), YamlMessages.Lookalike(found));
        bag.MarkBroken(path);
    }

    private SpecMap? CheckMap(YamlNode node, ImmutableArray<Key> keys, SpecPath path, string key)
    {
        if (node is not YamlMap map)
        {
            // Whatever stands where secrets may stand below is not shown: it may be one.
            if (SecretKeys.HoldsSecrets(keys))
                SecretLines.Hide(source, node);
            return Broken(node, path, ShapeMessages.NotAMap(
                key, keys.Select(k => k.Required ? $"{k.Name} (required)" : k.Name))) as SpecMap;
        }
        var children = ImmutableDictionary.CreateBuilder<string, SpecNode>();
        foreach (var entry in map.Entries)
        {
            var below = path.Key(entry.Key);
            if (keys.FirstOrDefault(k => k.Name == entry.Key) is not { } known)
            {
                if (Lookalike.Find(entry.Key) is { } lookalike)
                    LooksAlike(entry.KeySpot, lookalike, below);
                else
                {
                    bag.AddAt(below, entry.KeySpot, Unknown(entry.Key, keys));
                    bag.MarkBroken(below);
                }
                SecretGuess.Hide(source, entry.Value, SecretKeys.MayBeSecret(entry.Key, keys) ? below.Key("secret") : below);
            }
            else if (Check(entry.Value, known.Shape, below, known.Name) is { } child)
                children[entry.Key] = child;
        }
        foreach (var missing in keys.Where(k => k.Required && !map.Entries.Any(e => e.Key == k.Name)))
        {
            bag.AddAt(path.Key(missing.Name), bag.Locate(path), ShapeMessages.MissingKey(missing.Name, missing.Shape.Summary));
            bag.MarkBroken(path.Key(missing.Name));
        }
        return new SpecMap(children.ToImmutable());
    }

    private static Message Unknown(string seen, ImmutableArray<Key> keys)
    {
        var names = keys.Select(k => k.Name).ToArray();
        // `tls: { cert: … }`: the right word, one level too high.
        var owners = keys.Where(k => Below(k.Shape).Any(b => b.Name == seen)).Select(k => k.Name).ToArray();
        return owners is [var owner] ? ShapeMessages.KeyOfAnother(Printable.Short(seen), owner)
            : ShapeMessages.UnknownKey(Printable.Short(seen), Nearest.Of(seen, names), names);
    }

    private static ImmutableArray<Key> Below(Shape shape) => shape switch
    {
        MapShape map => map.Keys,
        ChoiceShape choice => choice.Keys,
        EitherShape either => Below(either.Full),
        _ => [],
    };

    private SpecMap? CheckChoice(YamlNode node, ChoiceShape choice, SpecPath path, string key)
    {
        // `license: { ABCD1234 }`: in a map of secrets alone, a key that resembles none of theirs may be one itself.
        if (node is YamlMap odd && choice.Keys.All(k => k.Shape is SecretShape)
            && !odd.Entries.All(e => SecretKeys.Resembles(e.Key, choice.Keys)))
        {
            SecretLines.Hide(source, node);
            return Broken(node, path, ShapeMessages.NotExactlyOne(key, choice.Keys.Select(k => k.Name), [])) as SpecMap;
        }
        var before = bag.HasErrors;
        var map = CheckMap(node, choice.Keys, path, key);
        if (map is null || node is not YamlMap yaml)
            return null;
        var seen = yaml.Entries.Select(e => e.Key).Where(k => choice.Keys.Any(c => c.Name == k)).ToArray();
        if (seen.Length == 1)
            return map;
        // An unknown key alone has been reported already: it is the decision, misspelt.
        if (seen.Length == 0 && yaml.Entries.Count > 0 && (bag.HasErrors || before))
            bag.MarkBroken(path);
        else
            Report(path, ShapeMessages.NotExactlyOne(key, choice.Keys.Select(k => k.Name), seen));
        return null;
    }

    private SpecList? CheckList(YamlNode node, ListShape shape, SpecPath path, string key)
    {
        if (node is not YamlList list)
            return Broken(node, path, ShapeMessages.NotAList(key)) as SpecList;
        if (list.Items.Count < shape.Least || list.Items.Count > shape.Most)
            return Broken(node, path, ShapeMessages.ListLength(key, list.Items.Count, shape.Least, shape.Most)) as SpecList;
        var items = ImmutableArray.CreateBuilder<SpecNode>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (Check(list.Items[i], shape.Item, path.Item(i), key) is not { } item)
                continue;
            if (item is SpecText && items.Contains(item))
                Report(path.Item(i), ShapeMessages.Repeated(Printable.Short(((SpecText)item).Text)));
            else
                items.Add(item);
        }
        return new SpecList(items.ToImmutable());
    }

    private SpecMap? CheckTable(YamlNode node, TableShape shape, SpecPath path, string key)
    {
        if (node is not YamlMap map)
            return Broken(node, path, ShapeMessages.NotATable(key)) as SpecMap;
        if (map.Entries.Count > shape.Most)
            return Broken(node, path, ShapeMessages.ListLength(key, map.Entries.Count, 0, shape.Most)) as SpecMap;
        var children = ImmutableDictionary.CreateBuilder<string, SpecNode>();
        foreach (var entry in map.Entries)
        {
            if (shape.Key.Problem(entry.Key) is { } why)
            {
                SecretGuess.Hide(source, entry.Value, path.Key(entry.Key));
                bag.AddAt(path.Key(entry.Key), entry.KeySpot, ShapeMessages.BadText(Printable.Short(entry.Key), shape.Key.Name, why));
                continue;
            }
            if (Placeholder.Find(entry.Key) is { } stays)
                bag.AddAt(path.Key(entry.Key), entry.KeySpot, ShapeMessages.PlaceholderStays(stays));
            if (Check(entry.Value, new TextShape("", shape.Value), path.Key(entry.Key), entry.Key) is { } child)
                children[entry.Key] = child;
        }
        return new SpecMap(children.ToImmutable());
    }

    private SpecNode? CheckSecret(YamlNode node, SecretShape shape, SpecPath path, string key)
    {
        ImmutableArray<Key> kinds = [.. secrets.Select(s => s.Key)];
        if (node is YamlMap map && map.Entries.All(e => SecretKeys.Resembles(e.Key, kinds)))
        {
            var chosen = CheckChoice(node, new ChoiceShape(shape.Summary, kinds), path, key);
            return secrets.FirstOrDefault(s => chosen?.Text(s.Name) is not null) is { } kind
                ? new SpecSecret(new Secret(kind, chosen!.Text(kind.Name)!)) : chosen;
        }
        if (node is not YamlScalar scalar)
        {
            SecretLines.Hide(source, node);
            return Broken(node, path, SecretMessages.NotAReference(key, _forms));
        }
        if (shape.MayGenerate && scalar.Text == "generate")
            return new SpecText(scalar.Text);
        if (shape.MayBePem && Pem.IsCertificate(scalar.Text))
            return new SpecText(scalar.Text);
        if (scalar.Text == "generate")
        {
            Report(path, SecretMessages.CannotGenerate(key, _forms));
            return null;
        }
        return Refused(scalar, path, shape.MayBePem ? SecretMessages.NotACertificate(key, _forms)
            : SecretMessages.Literal(key, shape.MayGenerate, _forms));
    }

    private SpecText? Refused(YamlScalar node, SpecPath path, Message message)
    {
        SecretLines.Hide(source, node);
        Report(path, message);
        return null;
    }

    private SpecNode? Broken(YamlNode node, SpecPath path, Message message)
    {
        SecretGuess.Hide(source, node, path);
        // `models:[a]` with another blank, or `cloud` with another colon, is one long word to YAML.
        if (node is YamlScalar scalar && Lookalike.Find(scalar.Text, " :,{}[]") is { } found)
            LooksAlike(scalar.Spot, found, path);
        else
            Report(path, message);
        return null;
    }

    private void Report(SpecPath path, Message message)
    {
        bag.Add(path, message);
        bag.MarkBroken(path);
    }
}
