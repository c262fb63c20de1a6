using System.Collections.Concurrent;
using System.Collections.Immutable;
using Baker.Embedded;

namespace Baker.Machine;

/// <param name="Name">File name; on the VM it lies in <see cref="MachineFiles.Directory"/>.</param>
/// <param name="Part">The folder it comes from: <c>runner</c>, <c>install</c> or <c>configure</c>; <c>secrets</c>, <c>authority</c>,
/// <c>bundle</c> or <c>stub</c> where not every machine has it.</param>
/// <param name="Bytes">
/// As the VM gets it, in UTF-8: without empty lines, without comments that stand alone or say what a function is for, and indented by
/// tabs; those of the shell not at all. Never a string on its
/// way from the program to the artifacts: half of what a render takes from memory would be copies of these files.
/// </param>
public sealed record MachineFile(string Name, string Part, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Executable exactly when the file says what runs it.</summary>
    public string Mode => Bytes.Span.StartsWith("#!"u8) ? "0755" : "0644";
}

/// <summary>
/// The static files that run on a VM, by folder: <c>templates/machine/&lt;common, cloud, role or roles&gt;/&lt;runner, install or
/// configure&gt;/</c>.
/// A folder of several roles has their names with + between them: EC2's limit leaves no room for what a role does not use.
/// Scripts that begin with a number are one script on the VM, in that order: <c>configure/1-data-volume.sh</c> and those after it are
/// <c>configure.sh</c>.
/// </summary>
public static class MachineFiles
{
    /// <summary>Where every one of them lies on the VM.</summary>
    public const string Directory = "/usr/local/lib/baker";

    /// <summary>Where the values lie on the VM.</summary>
    public const string ValuesPath = "/etc/baker/values";

    private const string Root = "machine/";

    private const string Before = "before-";

    private const string After = "after-";

    private static readonly ConcurrentDictionary<string, ImmutableArray<MachineFile>> Folders = new(StringComparer.Ordinal);

    /// <summary>What every machine gets.</summary>
    private static readonly string[] Usual = ["runner", "install", "configure"];

    private static readonly ConcurrentDictionary<(string Role, string Cloud), ImmutableArray<MachineFile>> Machines = new();

    /// <summary>
    /// Everything a role's VM gets on a cloud. What is written in one language lies together, the common files first: compression looks
    /// back
    /// no further than 32 KiB.
    /// </summary>
    public static ImmutableArray<MachineFile> For(string role, string cloud) => Machines.GetOrAdd((role, cloud), static of =>
        WithSecrets(new[] { "common", of.Cloud, of.Role }.Concat(SharedBy(of.Role)).SelectMany(f => Folder(f))
            .Where(f => Usual.Contains(f.Part)), of.Cloud));

    /// <summary>As well, where <c>mirrors.ca</c> is a reference.</summary>
    public static ImmutableArray<MachineFile> WithAuthority(string role, string cloud) =>
        WithSecrets(Extended(For(role, cloud), Folder("common").Where(f => f.Part == "authority")), cloud);

    /// <summary>The files of a machine, where a bundle brings them: with what knows of bundles.</summary>
    public static ImmutableArray<MachineFile> InBundle(ImmutableArray<MachineFile> files, string cloud) =>
        WithSecrets(Extended(files, Folder(cloud).Where(f => f.Part == "bundle")), cloud);

    /// <summary>
    /// What fetches a bundle: all that user-data itself carries then. No file but <c>run</c> is another one in the bundle.
    /// </summary>
    /// <param name="inBundle">What the bundle brings.</param>
    public static ImmutableArray<MachineFile> BeforeBundle(ImmutableArray<MachineFile> inBundle, string cloud) =>
        [.. inBundle.Where(f => (f.Part is "runner" && f.Name != "run") || f.Part is "bundle" or "secrets" || f.Name == "lib.sh")
            .Concat(Folder(cloud).Where(f => f.Part == "stub")).OrderBy(Language)];

    // What reads secrets, where a script asks for it: a machine that has none does without a twentieth of what EC2 takes.
    private static ImmutableArray<MachineFile> WithSecrets(IEnumerable<MachineFile> files, string cloud)
    {
        var own = files.Where(f => f.Part != "secrets").ToArray();
        return [.. (own.Any(f => f.Bytes.Span.IndexOf(". \"$lib/secrets.sh\"\n"u8) >= 0)
            ? own.Concat(Folder("common").Concat(Folder(cloud)).Where(f => f.Part == "secrets")) : own).OrderBy(Language)];
    }

    // A file whose name begins with `before-` or `after-` is the beginning or the end of the one it names.
    private static IEnumerable<MachineFile> Extended(ImmutableArray<MachineFile> files, IEnumerable<MachineFile> more)
    {
        var (parts, own) = (more.Where(IsPart).ToDictionary(f => f.Name, f => f.Bytes), more.Where(f => !IsPart(f)));
        return files.Select(f => f with { Bytes = Whole(f) }).Concat(own);

        byte[] Whole(MachineFile file) =>
            [.. parts.GetValueOrDefault(Before + file.Name).Span, .. file.Bytes.Span, .. parts.GetValueOrDefault(After + file.Name).Span];
    }

    private static bool IsPart(MachineFile file) =>
        file.Name.StartsWith(Before, StringComparison.Ordinal) || file.Name.StartsWith(After, StringComparison.Ordinal);

    /// <summary>What the role's image is made with: no file that configures.</summary>
    public static ImmutableArray<MachineFile> ForImage(string role, string cloud) =>
        [.. For(role, cloud).Where(f => f.Part != "configure")];

    /// <summary>What decides what an image contains: the install scripts alone, not the runner.</summary>
    public static ImmutableArray<MachineFile> Installing(string role, string cloud) =>
        [.. For(role, cloud).Where(f => f.Part == "install")];

    private static IEnumerable<string> SharedBy(string role) =>
        EmbeddedFiles.Names.Where(n => n.StartsWith(Root, StringComparison.Ordinal))
        .Select(n => n.Split('/')[1]).Where(f => f.Contains('+', StringComparison.Ordinal) && f.Split('+').Contains(role)).Distinct();

    /// <summary>The files of one folder; what begins or ends another file is here under its own name.</summary>
    internal static ImmutableArray<MachineFile> Folder(string folder) => Folders.GetOrAdd(folder, static name =>
    [
        .. EmbeddedFiles.Names.Where(n => n.StartsWith($"{Root}{name}/", StringComparison.Ordinal))
            .GroupBy(n => OnMachine(n.Split('/')))
            .Select(g => new MachineFile(g.Key.Name, g.Key.Part, WithoutComments(Joined([.. g.Select(EmbeddedFiles.Bytes)])))),
    ]);

    private static (string Part, string Name) OnMachine(string[] path) =>
        (path[2], char.IsAsciiDigit(path[3][0]) ? $"{path[2]}.sh" : path[3]);

    private static ReadOnlySpan<byte> Joined(ImmutableArray<byte[]> parts)
    {
        if (parts.Length == 1)
            return parts[0];
        using var all = new MemoryStream();
        foreach (var part in parts)
            all.Write(part);
        return all.GetBuffer().AsSpan(0, (int)all.Length);
    }

    private static bool IsShell(ReadOnlySpan<byte> text) =>
        text.StartsWith("#!/bin/bash"u8) || text.StartsWith("#!/bin/sh"u8) || text.StartsWith("# shellcheck shell=bash"u8);

    private static int Language(MachineFile file) =>
        file.Name.EndsWith(".sh", StringComparison.Ordinal) || file.Bytes.Span.StartsWith("#!/bin/bash"u8) ? 0
        : file.Bytes.Span.StartsWith("#!/usr/bin/env python3"u8) || file.Name.EndsWith(".py", StringComparison.Ordinal) ? 1 : 2;

    // EC2 takes 16,384 bytes of user-data, and comments are a sixth of the scripts. They and empty lines are for whoever reads the
    // sources;
    // a test proves with the languages' own parsers that nothing else is lost.
    // A shell needs no indentation, and every language takes tabs for blanks.
    internal static ReadOnlyMemory<byte> WithoutComments(ReadOnlySpan<byte> text)
    {
        // Nothing becomes longer; a last line without an end gets one for a moment.
        var kept = new byte[text.Length + 1];
        var end = 0;
        // Text that is printed or written as it stands keeps its blanks.
        var isText = false;
        var indent = IsShell(text) ? 0 : 1;
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (!isText && (line.IsEmpty || ((end != 0 || !line.StartsWith("#!"u8)) && line.TrimStart(" \t"u8).StartsWith("#"u8))))
                continue;
            if (line.IndexOf("() { # "u8) is var head and >= 0)
                line = line[..(head + 4)];
            var blanks = isText ? 0 : (line.Length - line.TrimStart((byte)' ').Length) / 4;
            kept.AsSpan(end, blanks * indent).Fill((byte)'\t');
            line[(blanks * 4)..].CopyTo(kept.AsSpan(end + (blanks * indent)));
            end += line.Length - (blanks * (4 - indent));
            kept[end++] = (byte)'\n';
            isText = line.EndsWith("<<END"u8) || (isText && !line.SequenceEqual("END"u8));
        }
        return kept.AsMemory(0, text.EndsWith("\n"u8) ? end : end - 1);
    }
}
