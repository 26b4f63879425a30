namespace QuantConnect.Algorithm.Framework
{
    /// <summary>Hears of securities added and removed.</summary>
    public interface INotifiedSecurityChanges
    {
        void OnSecuritiesChanged(QCAlgorithm algorithm, SecurityChanges changes);
    }
}

namespace QuantConnect.Algorithm.Framework.Alphas
{
    /// <summary>Makes insights from data.</summary>
    public interface IAlphaModel : INotifiedSecurityChanges
    {
        IEnumerable<Insight> Update(QCAlgorithm algorithm, Slice data);
    }

    /// <summary>A model with a name of its own.</summary>
    public interface INamedModel
    {
        string Name { get; }
    }

    /// <summary>The name of an alpha model.</summary>
    public static class AlphaModelExtensions
    {
        public static string GetModelName(this IAlphaModel model) => model is INamedModel named ? named.Name : model.GetType().Name;
    }

    /// <summary>Base of alpha models.</summary>
    public class AlphaModel : IAlphaModel, INamedModel
    {
        public AlphaModel()
        {
            // LEAN gives a random name.
            Name = GetType().FullName;
        }
        public virtual string Name { get; set; }
        public virtual IEnumerable<Insight> Update(QCAlgorithm algorithm, Slice data)
            => throw new NotImplementedException($"{GetType().Name} does not override AlphaModel.Update.");
        public virtual void OnSecuritiesChanged(QCAlgorithm algorithm, SecurityChanges changes) { }
    }

    /// <summary>Makes no insights.</summary>
    public class NullAlphaModel : AlphaModel
    {
        public override IEnumerable<Insight> Update(QCAlgorithm algorithm, Slice data) => Enumerable.Empty<Insight>();
    }

    /// <summary>Several alpha models, asked one after the other.</summary>
    public class CompositeAlphaModel : AlphaModel
    {
        private readonly List<IAlphaModel> _models;
        public CompositeAlphaModel(params IAlphaModel[] alphaModels)
        {
            if (alphaModels == null || alphaModels.Length == 0)
                throw new ArgumentException("CompositeAlphaModel needs at least one alpha model.");
            _models = alphaModels.ToList();
        }
        public override IEnumerable<Insight> Update(QCAlgorithm algorithm, Slice data)
        {
            foreach (var model in _models)
                foreach (var insight in model.Update(algorithm, data))
                {
                    insight.SourceModel = string.IsNullOrEmpty(insight.SourceModel) ? model.GetModelName() : insight.SourceModel;
                    yield return insight;
                }
        }
        public override void OnSecuritiesChanged(QCAlgorithm algorithm, SecurityChanges changes)
            => _models.ForEach(x => x.OnSecuritiesChanged(algorithm, changes));
        public void AddAlpha(IAlphaModel alphaModel) => _models.Add(alphaModel);
    }
}
