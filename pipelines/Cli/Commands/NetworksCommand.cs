using System.CommandLine;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>networks</c>: lists the networks by name, with their number of parameters and their input size.</summary>
static class NetworksCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = CommonOptions.Json();
        var command = new Command(
            "networks",
            """
            Lists the networks with their number of trained parameters and their input size. The size of an image is channels x height x
            width. The input of a head or a decoder is a row of numbers; its size is the length of the row.

            Example:  noisynn networks --json
            """
        )
        {
            json,
        };
        command.SetAction(parsed =>
        {
            List<Entry> networks =
            [
                .. NamedNetworks.All.Select(network => new Entry(
                    network.Name,
                    network.Configuration.ParameterCount,
                    network.Configuration.InputShape
                )),
                .. NamedAutoencoder.All.Select(half => new Entry(half.Name, half.ParameterCount, half.InputShape)),
            ];
            if (parsed.GetValue(json))
                Json.Write(terminal.Output, networks);
            else
                terminal.Table(
                    ["network", "parameters", "input size"],
                    networks.Select(network =>
                        (string[])
                            [network.Name, FormattableString.Invariant($"{network.Parameters:N0}"), string.Join(" x ", network.InputSize)]
                    )
                );
            return 0;
        });
        return command;
    }

    sealed record Entry(string Name, long Parameters, IReadOnlyList<int> InputSize);
}
