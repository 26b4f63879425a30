using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;
using QuantConnect.Configuration;
using QuantConnect.Interfaces;
using QuantConnect.Packets;
using QuantConnect.Securities;
using QuantConnect.Util;

namespace QuantConnect.Brokerages.CrossHedge;

/// <summary>
/// Makes the composite for LEAN: <c>"live-mode-brokerage": "CrossHedgeBrokerage"</c>. The children are other LEAN
/// brokerages, found by the name of their type and never referenced.
/// </summary>
public sealed class CrossHedgeBrokerageFactory : BrokerageFactory
{
    /// <summary>Creates the factory.</summary>
    public CrossHedgeBrokerageFactory()
        : base(typeof(CrossHedgeBrokerage))
    {
    }

    /// <summary>
    /// Our own settings, and for each child those that its own factory asks for: from <c>crosshedge-NAME-KEY</c> where it is
    /// set, else from the child's own key. They travel under the child's name, because two children may ask for one key.
    /// </summary>
    public override Dictionary<string, string> BrokerageData
    {
        get
        {
            var data = CompositeSettings.FromConfig();
            foreach (var child in CompositeSettings.Read(data, new List<string>()).Children)
            {
                foreach (var (key, value) in FactoryOf(child, null)?.BrokerageData ?? [])
                {
                    var own = CompositeSettings.KeyOf(child.Name, key);
                    data[own] = Config.Get(own, value);
                }
            }

            return data;
        }
    }

    /// <summary>LEAN's default until the algorithm sets its own, which answers each order by the route it takes.</summary>
    public override IBrokerageModel GetBrokerageModel(IOrderProvider orderProvider) => new DefaultBrokerageModel();

    /// <inheritdoc />
    public override IBrokerageMessageHandler CreateBrokerageMessageHandler(IAlgorithm algorithm, AlgorithmNodePacket job, IApi api)
        => new CrossHedgeBrokerageMessageHandler(algorithm);

    /// <summary>Makes the children and the composite over them.</summary>
    /// <exception cref="ArgumentException">Everything that is wrong with the configuration, each with its remedy.</exception>
    public override IBrokerage CreateBrokerage(LiveNodePacket job, IAlgorithm algorithm)
    {
        var errors = new List<string>();
        var settings = CompositeSettings.Read(job.BrokerageData, errors);
        CheckCore(errors);
        var factories = settings.Children.Select(child => (Child: child, Factory: FactoryOf(child, errors))).ToArray();
        if (settings.Journal.Length == 0 && !settings.Observe)
        {
            errors.AddRange(factories
                .Where(entry => entry.Factory is not (null or PaperBrokerageFactory))
                .Select(entry => $"{entry.Child.Name}: {entry.Child.Brokerage} trades real money, and no journal is kept: name its file as {SqliteJournalStore.PathKey}."));
        }

        var children = new Dictionary<string, IBrokerage>();
        var logins = new Dictionary<string, string>();
        foreach (var (child, factory) in factories)
        {
            if (factory is null || errors.Count > 0)
            {
                continue;
            }

            try
            {
                var view = ChildAlgorithm.Create(algorithm, factory.GetBrokerageModel(algorithm.Transactions), child.Routes, child.AccountType);
                var own = JobOf(job, child);
                if (JournalSettings.LoginOf(child.Brokerage, own.BrokerageData) is { } login)
                {
                    logins.Add(child.Name, login);
                }

                children.Add(child.Name, factory.CreateBrokerage(own, view));
            }
            catch (Exception error)
            {
                errors.Add($"{child.Name}: {child.Brokerage} cannot be made: {error.Message}");
            }
        }

        var lanes = new ThreadLanes(TimeProvider.System);
        OrderJournal? journal = null;
        try
        {
            journal = errors.Count > 0 ? null : OpenJournal(settings, logins, lanes);
        }
        catch (JournalException error)
        {
            errors.Add(error.Message);
        }

        if (errors.Count > 0)
        {
            foreach (var made in children.Values)
            {
                made.Dispose();
            }

            throw new ArgumentException(string.Join(Environment.NewLine, errors));
        }

        var composite = new CrossHedgeBrokerage(algorithm, settings, children, lanes, journal);
        foreach (var queue in children.Values.OfType<IDataQueueHandler>())
        {
            // LEAN would make a second one, without settings, when it looks for its data.
            Composer.Instance.AddPart(queue);
        }

        return composite;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
    }

    /// <summary>Takes the accounts for this process and opens their journal.</summary>
    /// <param name="settings">Checked settings.</param>
    /// <param name="logins">By account, what tells its login from others.</param>
    /// <param name="lanes">Where the work is done.</param>
    /// <returns>Null if none is kept.</returns>
    /// <exception cref="JournalException">It cannot be used; nothing was changed.</exception>
    internal static OrderJournal? OpenJournal(CompositeSettings settings, IReadOnlyDictionary<string, string> logins, ILanes lanes)
        => settings.Journal.Length == 0 || settings.Observe ? null : OrderJournal.Open(settings.Journal, JournalSettings.Of(settings) with { Logins = logins }, lanes);

    /// <summary>The job as a child gets it: its own settings under their own names, and nobody else's.</summary>
    internal static LiveNodePacket JobOf(LiveNodePacket job, ChildSettings child)
    {
        var copy = new LiveNodePacket();
        foreach (var property in typeof(LiveNodePacket).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property is { CanRead: true, CanWrite: true } && property.SetMethod!.IsPublic))
        {
            property.SetValue(copy, property.GetValue(job));
        }

        var prefix = CompositeSettings.KeyOf(child.Name, "");
        copy.Brokerage = child.Brokerage;
        copy.BrokerageData = job.BrokerageData
            .Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value);
        copy.BrokerageData[CompositeSettings.AccountKey] = child.Name;
        return copy;
    }

    private static IBrokerageFactory? FactoryOf(ChildSettings child, List<string>? errors)
        => Choose(Composer.Instance.GetExportedValues<IBrokerageFactory>().ToArray(), child, errors);

    /// <summary>
    /// The factory that makes a child's brokerage. LEAN loads assemblies in no certain order and has a PaperBrokerage of its
    /// own, which is no child: of one short name ours comes first, and two of others must be told apart by their full names.
    /// </summary>
    internal static IBrokerageFactory? Choose(IReadOnlyList<IBrokerageFactory> factories, ChildSettings child, List<string>? errors)
    {
        var types = factories
            .Where(factory => factory is not CrossHedgeBrokerageFactory)
            .GroupBy(factory => factory.BrokerageType)
            .OrderBy(same => same.Key.FullName, StringComparer.Ordinal)
            .ToArray();
        var found = Array.FindAll(types, same => same.Key.FullName == child.Brokerage);
        if (found.Length == 0)
        {
            found = Array.FindAll(types, same => same.Key.Name == child.Brokerage);
            var ours = Array.FindAll(found, same => same.Key.Assembly == typeof(CrossHedgeBrokerageFactory).Assembly);
            found = ours.Length > 0 ? ours : found;
        }

        if (found.Length == 1)
        {
            return found[0].First();
        }

        errors?.Add(found.Length > 1
            ? $"{child.Name}: {child.Brokerage} may be {string.Join(" or ", found.Select(same => same.Key.FullName))}: write the full name."
            : $"{child.Name}: no factory makes a {child.Brokerage}; there are {string.Join(", ", types.Select(same => same.Key.Name).Distinct().Order(StringComparer.Ordinal))}. Looked in {Config.Get("composer-dll-directory", AppContext.BaseDirectory)} and {Config.Get("plugin-directory", "no plugin-directory")}: put the plugin's assembly there, or correct the name.");
        return null;
    }

    /// <summary>The algorithm and this plugin must mean the same types when they speak of accounts.</summary>
    private static void CheckCore(List<string> errors)
    {
        var copies = AppDomain.CurrentDomain.GetAssemblies().Where(assembly => assembly.GetName().Name == "CrossHedge.Core").ToArray();
        if (copies.Length > 1)
        {
            errors.Add($"CrossHedge.Core is loaded {copies.Length} times, from {string.Join(" and ", copies.Select(assembly => assembly.Location.Length > 0 ? assembly.Location : "memory"))}: keep one copy, beside LEAN.");
        }
    }
}
