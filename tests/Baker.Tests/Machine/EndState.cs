using Baker.Tests.Lab;

namespace Baker.Tests.Machine;

/// <summary>What runs of the same user-data have to agree on: every file that steps make, with owner, mode and content.</summary>
internal static class EndState
{
    // Made of chance: keys, identities. Caches of the system are not ours.
    private const string Script = """
        cd /
        find etc usr/local usr/share/ollama var/lib/baker var/cache/baker \( -name ld.so.cache -o -name '*-' -o -name .pwd.lock -o -name machine-id \
            -o -path var/lib/baker/steps \) -prune -o -printf '%y %m %u %p %l\n' 2>/dev/null | sort
        find etc usr/local usr/share/ollama -type f ! -name ld.so.cache ! -name '*-' ! -name machine-id ! -name id_ed25519 ! -name shadow \
            ! -name gitlab-secrets.json ! -name fstab -exec sha256sum {} + | awk '{ print $2, $1 }' | sort
        sed 's/^UUID=[^ ]*/UUID/' etc/fstab
        ls /var/lib/baker/steps
        """;

    public static async Task<string[]> OfAsync(LabMachine machine) => (await machine.RunAsync("bash", "-c", Script)).Require().Split('\n');
}
