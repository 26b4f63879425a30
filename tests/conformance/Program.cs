using System;
using System.CommandLine;
using System.IO;
using CrossHedgeLean.Conformance;
using CrossHedgeLean.Conformance.Api;

var caseArgument = new Argument<string>("case") { Description = "Name of a case (see list)" };
var casesArgument = new Argument<string[]>("cases") { Description = "Names of cases; all when none is given", Arity = ArgumentArity.ZeroOrMore };
var outOption = new Option<FileInfo?>("--out") { Description = "Write the result as JSON to this file" };
var fullOption = new Option<FileInfo?>("--full") { Description = "Write every line of the transcript to this file" };
var commitOption = new Option<string>("--lean-commit") { Description = "The commit that LEAN was built from", DefaultValueFactory = _ => string.Empty };
var leanRunOption = new Option<bool>("--lean-run") { Description = "Also write tests/lean-run.json" };
var dirtyOption = new Option<bool>("--allow-dirty") { Description = "Go on with uncommitted changes; tests/lean-run.json is then not written" };

var list = new Command("list", "Names all cases.");
list.SetAction(_ =>
{
    foreach (var conformanceCase in Catalog.Cases)
    {
        Console.WriteLine($"{conformanceCase.Name,-34} {conformanceCase.About}");
    }

    return 0;
});

var run = new Command("run", "Runs one case in this process.") { caseArgument, outOption, fullOption };
run.SetAction(parse =>
{
    using var full = parse.GetValue(fullOption) is { } file ? new StreamWriter(file.FullName) : null;
    var conformanceCase = Catalog.Find(parse.GetRequiredValue(caseArgument));
    if (conformanceCase.WhyNot() is { } reason)
    {
        Console.Error.WriteLine($"{conformanceCase.Name} cannot run here: {reason}");
        return Session.Skipped;
    }

    var result = CaseRunner.Run(conformanceCase, full);
    if (parse.GetValue(outOption) is { } output)
    {
        result.Write(output.FullName);
    }

    Console.Out.WriteLine($"{result.Case}: {result.Engine.Name}, {result.Lines} lines, {result.DataPoints} data points, {result.Sha256[..16]}{(result.Completed ? string.Empty : ", ended by: " + result.Error)}");
    return 0;
});

var recordCases = new Command("record", "On LEAN: runs cases, each in a process of its own, and writes their goldens.")
{
    casesArgument, commitOption, leanRunOption, dirtyOption,
};
recordCases.SetAction(parse => Session.Record(
    parse.GetValue(casesArgument) ?? [], parse.GetRequiredValue(commitOption), parse.GetValue(leanRunOption), parse.GetValue(dirtyOption)));

var verify = new Command("verify", "Runs cases and compares them with their goldens; on LEAN with --lean-run writes tests/lean-run.json.")
{
    casesArgument, leanRunOption, dirtyOption,
};
verify.SetAction(parse => Session.Verify(parse.GetValue(casesArgument) ?? [], parse.GetValue(leanRunOption), parse.GetValue(dirtyOption)));

var apiTypes = new Command("api-types", "On LeanSim: writes the names of its public types to api-types.txt.");
apiTypes.SetAction(_ => ApiRecord.WriteTypes());

var recordApi = new Command("record-api", "On LEAN: writes the public signatures of the types in api-types.txt to lean-public-api.txt.");
recordApi.SetAction(_ => ApiRecord.WriteMembers());

var checkApi = new Command("check-api", "On LeanSim: compares its public signatures with the record of LEAN's.");
checkApi.SetAction(_ => ApiRecord.Check());

var root = new RootCommand("Conformance of LeanSim with LEAN: cases, goldens, public API.") { list, run, recordCases, verify, apiTypes, recordApi, checkApi };
try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception error) when (error is InvalidOperationException or IOException or ArgumentException)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
