#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace cupola::layout {

/// t-SNE's conditional affinities p(j|i) ∝ exp(−β_i d²) of each row's `k` squared distances, with β_i such
/// that the row's perplexity is the one asked for. Rows sum to one. Source: van der Maaten, Hinton,
/// "Visualizing data using t-SNE" (JMLR 9, 2008), section 2
void perplexity_weights(std::span<const float> squared, std::size_t k, double perplexity, float* out);

/// UMAP's membership strengths exp(−max(0, d − ρ_i) / σ_i), where ρ_i is the smallest distance above zero and
/// σ_i such that the row (with the point itself) sums to log2(k + 1).
/// Source: McInnes, Healy, Melville, "UMAP" (arXiv 1802.03426), algorithm 3
void fuzzy_weights(std::span<const float> squared, std::size_t k, float* out);

/// A sparse square matrix by rows; columns ascend in each.
struct Sparse {
  std::vector<std::int64_t> starts;
  std::vector<std::int32_t> columns;
  std::vector<float> values;
};

/// The union of a k-NN graph's edges with those turned around: p + pᵀ, or p + pᵀ − p·pᵀ where `fuzzy`.
/// Entries of a row's own point are left out.
Sparse symmetrized(std::span<const std::int32_t> indices, std::span<const float> weights, std::size_t k,
                   bool fuzzy);

}  // namespace cupola::layout
