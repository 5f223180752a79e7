"""The started product, driven as people drive it."""
