using System.CommandLine;
using NoisyNN.Models.Architectures;

namespace NoisyNN.Pipelines.Commands;

/// <summary><c>networks</c>: the networks by name, with what they weigh and take.</summary>
static class NetworksCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = CommonOptions.Json();
        var command = new Command("networks", """
            Lists the networks: name, trained parameters, input size (channels, height, width).

            Example:  noisynn networks --json
            """) { json };
        command.SetAction(parsed =>
        {
            var networks = NamedNetworks.All.Select(network => new Entry(network.Name, network.Configuration.ParameterCount,
                [network.Configuration.Channels, network.Configuration.ImageSize, network.Configuration.ImageSize])).ToList();
            if (parsed.GetValue(json))
                Json.Write(terminal.Output, networks);
            else
                terminal.Table(["network", "parameters", "input size"], networks.Select(network =>
                    (string[])[network.Name, FormattableString.Invariant($"{network.Parameters:N0}"), string.Join(" x ", network.InputSize)]));
            return 0;
        });
        return command;
    }

    sealed record Entry(string Name, long Parameters, IReadOnlyList<int> InputSize);
}
