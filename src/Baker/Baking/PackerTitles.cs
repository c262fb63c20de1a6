using System.Text.RegularExpressions;

namespace Baker.Baking;

/// <summary>
/// Which lines of one build are Packer's own titles. Since Packer 1.13 lines of scripts and remarks look like titles (<c>ui,say</c>:
/// TargetedUI.Message in packer/ui.go), so words decide and not the kind of the line. Unknown titles begin no step; they are output.
/// Sources: packer 1.16.0 and 1.6.6, packer-plugin-sdk 0.6, packer-plugin-amazon 1.8.2, packer-plugin-googlecompute 1.2.7.
/// </summary>
internal sealed partial class PackerTitles
{
    /// <summary>The provisioners of build.pkr.hcl, in their order. A script's output is taken for none but a later one of these.</summary>
    private static readonly Regex[] Provisioners = [Inline(), Inline(), Upload(), Place(), Upgrade(), Pause(), Install(), Seal()];

    /// <summary>How many of <see cref="Provisioners"/> have begun.</summary>
    private int _begun;

    private bool _closed;

    /// <summary>True when a step begins with this line, which Packer has said and not a program as its error.</summary>
    public bool Begins(string line)
    {
        if (_closed)
            return false;
        if (NextProvisioner(line) is { } next)
        {
            _begun = next;
            return true;
        }
        // Scripts say what they want; only behind the last one other titles may come.
        if (_begun > 0 && _begun < Provisioners.Length)
        {
            _closed = line.StartsWith("Provisioning step had errors", StringComparison.Ordinal);
            return false;
        }
        _closed = Closing().IsMatch(line);
        return !_closed && (After().IsMatch(line) || (_begun == 0 && Before().IsMatch(line)));
    }

    /// <summary>One that is missing is passed over: not every Packer says that it pauses.</summary>
    private int? NextProvisioner(string line)
    {
        for (var i = _begun; i < Provisioners.Length; i++)
        {
            if (Provisioners[i].IsMatch(line))
                return i + 1;
        }
        return null;
    }

    [GeneratedRegex(@"\AProvisioning with shell script: .*packer-shell[0-9]+\z")]
    private static partial Regex Inline();

    [GeneratedRegex(@"\AUploading .+/ => /tmp/baker\z")]
    private static partial Regex Upload();

    [GeneratedRegex(@"\AProvisioning with shell script: .*place\.sh\z")]
    private static partial Regex Place();

    [GeneratedRegex(@"\AProvisioning with shell script: .*upgrade\.sh\z")]
    private static partial Regex Upgrade();

    [GeneratedRegex(@"\APausing [0-9hms.]+ before the next provisioner\.\.\.\z")]
    private static partial Regex Pause();

    [GeneratedRegex(@"\AProvisioning with shell script: .*install\.sh\z")]
    private static partial Regex Install();

    [GeneratedRegex(@"\AProvisioning with shell script: .*seal\.sh\z")]
    private static partial Regex Seal();

    [GeneratedRegex(@"\A(Prevalidating |Creating temporary |Checking current host's public IP|Authorizing access to port |Attaching policy to the temporary role|Waiting for the change to propagate|Launching a source AWS instance|Waiting for instance \(|Waiting \S+ before establishing the SSM session|Uploading SSH public key to instance|Checking image does not exist|Importing SSH public key for OSLogin|Using image: |Creating instance\.\.\.|Waiting for the instance to become running|Step Launch IAP Tunnel|Using (ssh|SSH) communicator to connect|Waiting for SSH to become available|Connected to SSH!)")]
    private static partial Regex Before();

    [GeneratedRegex(@"\A(Trying to remove ephemeral keys from authorized_keys files|Stopping the source instance\.\.\.|Waiting for the instance to stop\.\.\.|Enabling Enhanced Networking|Creating AMI |Attaching run tags to AMI|Waiting for AMI to become ready|Modifying attributes on |Adding tags to AMI|Tagging snapshot: |Creating snapshot tags|Creating image\.\.\.)")]
    private static partial Regex After();

    // Google's builder is deleted before its image is made: that closes nothing.
    [GeneratedRegex(@"\A(Provisioning step had errors|Terminating the source |Cleaning up any extra volumes|No volumes to clean up|Destroying volume |Detaching temporary role|Removing policy |Deleting (?!instance\.\.\.)|Deregister|Deleted |Build '|Wait completed|Builds finished|Some builds |Cleanly cancelled|Running post-processor)")]
    private static partial Regex Closing();
}
