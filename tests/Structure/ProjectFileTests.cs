using System.IO;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Configuration;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Structure;

/// <summary>The configurations that are shipped can be run.</summary>
[TestFixture]
public sealed class ProjectFileTests
{
    [TestCase("Algorithm/config.json")]
    [TestCase("launcher-config/backtesting.json")]
    [TestCase("launcher-config/real-day.json")]
    public void ItsParametersHaveNoError(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, file)));
        var parameters = json.RootElement.GetProperty("parameters").EnumerateObject().ToDictionary(parameter => parameter.Name, parameter => parameter.Value.GetString()!);

        var (configuration, errors, _) = HedgeConfiguration.Parse(parameters);

        Assert.That(errors, Is.Empty);
        Assert.That(configuration!.Accounts.All(account => account.Opening.Sum(entry => entry.Amount) > 0m || account.Routes.All(route => !configuration.Instruments.Any(id => id.Route == route))), Is.True);
    }
}
