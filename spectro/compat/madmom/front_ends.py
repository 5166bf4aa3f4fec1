"""ready"""
